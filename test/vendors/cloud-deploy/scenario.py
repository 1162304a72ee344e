"""What our client asks of Cloud Deploy, asked by Google's own package. Prints what it made of the answers."""

import json
import sys
import urllib.request

from google.cloud import deploy_v1 as v1
from google.cloud.deploy_v1.services.cloud_deploy.transports.rest import CloudDeployRestTransport
from google.oauth2.credentials import Credentials

url = sys.argv[1]
pipeline = "projects/ml-prod/locations/europe-west4/deliveryPipelines/churn"
transport = CloudDeployRestTransport(host=url.removeprefix("http://"), url_scheme="http", credentials=Credentials(token="t"))
deploy = v1.CloudDeployClient(transport=transport)
made = {}


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{url}/step/{name}", method="POST")).read()


step("observe")
made["pipeline"] = deploy.get_delivery_pipeline(name=pipeline).uid
listing = v1.ListRolloutsRequest(
    parent=f"{pipeline}/releases/-", filter='targetId="prod"', order_by="createTime desc", page_size=20
)
made["rollouts"] = [[one.name.split("/")[-3], one.state.name, one.failure_reason] for one in deploy.list_rollouts(listing)]

request = v1.RollbackTargetRequest(name=pipeline, target_id="prod", rollout_id="paramedic-x", release_id="r1")
step("dryRun")
request.validate_only = True
deploy.rollback_target(request)

step("rollBack")
request.validate_only = False
answer = deploy.rollback_target(request)
made["rolledBack"] = [answer.rollback_config.rollout.name.split("/")[-3], answer.rollback_config.starting_phase_id]

print(json.dumps(made))
