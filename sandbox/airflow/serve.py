"""Runs Airflow's servers as one: when one of them ends, or this is told to end, all end."""

import os
import signal
import subprocess
import sys

# The scheduler would serve its logs on every address; the API server shows them, too. No triggerer: nothing here is deferred.
SERVERS = [["api-server"], ["scheduler", "--skip-serve-logs"], ["dag-processor"]]

# The whole group is told to end; this one waits for the others.
signal.signal(signal.SIGTERM, lambda *_: None)
servers = [subprocess.Popen([sys.executable, "-m", "airflow", *server]) for server in SERVERS]
os.wait()
for server in servers:
    server.terminate()
for server in servers:
    server.wait()
sys.exit(1)
