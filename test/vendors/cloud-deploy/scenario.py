"""What our client asks of Cloud Deploy, asked by Google's own package. Prints what it made of the answers."""

import hashlib
import json
import sys
import urllib.request

from google.cloud import deploy_v1 as v1
from google.cloud.deploy_v1.services.cloud_deploy.transports.rest import CloudDeployRestTransport
from google.oauth2.credentials import Credentials

url = sys.argv[1]
parent = "projects/ml-prod/locations/europe-west4"
pipeline = f"{parent}/deliveryPipelines/churn"
transport = CloudDeployRestTransport(host=url.removeprefix("http://"), url_scheme="http", credentials=Credentials(token="t"))
deploy = v1.CloudDeployClient(transport=transport)
made = {}


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{url}/step/{name}", method="POST")).read()


def act(key):
    return f"paramedic-{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def look():
    found = deploy.get_delivery_pipeline(name=pipeline)
    listing = v1.ListRolloutsRequest(
        parent=f"{pipeline}/releases/-", filter='targetId="prod"', order_by="createTime desc", page_size=50
    )
    return found, list(deploy.list_rollouts(listing))


step("list")
listed = deploy.list_delivery_pipelines(v1.ListDeliveryPipelinesRequest(parent=parent, page_size=100))
made["pipelines"] = [[one.name.split("/")[-1], [stage.target_id for stage in one.serial_pipeline.stages]] for one in listed]

step("observe")
found, rollouts = look()
made["pipeline"] = [found.uid, found.suspended]
made["rollouts"] = [
    [one.name.split("/")[-3], one.state.name, one.failure_reason, one.deploy_failure_cause.name] for one in rollouts
]

step("dryRun")
look()
request = v1.RollbackTargetRequest(name=pipeline, target_id="prod", rollout_id=act("k1"), release_id="r1", validate_only=True)
deploy.rollback_target(request)

step("rollBackFailed")
look()
request.validate_only = False
answer = deploy.rollback_target(request)
made["rolledBack"] = [answer.rollback_config.rollout.name.split("/")[-3], answer.rollback_config.starting_phase_id]

step("rollBack")
_, rollouts = look()
last = rollouts[0].name.split("/")[-1]
deploy.rollback_target(
    v1.RollbackTargetRequest(
        name=pipeline, target_id="prod", rollout_id=act("k2"), release_id="r1", rollout_to_roll_back=last
    )
)

print(json.dumps(made))
