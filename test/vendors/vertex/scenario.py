"""What our client asks of Vertex AI, asked by Google's own package. Prints what it made of the answers."""

import hashlib
import json
import sys
import urllib.request

from google.api_core.exceptions import NotFound
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform_v1.services.endpoint_service.transports.rest import EndpointServiceRestTransport
from google.cloud.aiplatform_v1.services.model_service.transports.rest import ModelServiceRestTransport
from google.cloud.aiplatform_v1.services.pipeline_service.transports.rest import PipelineServiceRestTransport
from google.cloud.aiplatform_v1.services.prediction_service.transports.rest import PredictionServiceRestTransport
from google.cloud.aiplatform_v1.services.schedule_service.transports.rest import ScheduleServiceRestTransport
from google.longrunning import operations_pb2
from google.oauth2.credentials import Credentials
from google.protobuf import field_mask_pb2, struct_pb2

url = sys.argv[1]
parent = "projects/ml-prod/locations/europe-west4"


def transport(kind):
    return kind(host=url.removeprefix("http://"), url_scheme="http", credentials=Credentials(token="t"))


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{url}/step/{name}", method="POST")).read()


def fields(*names):
    return field_mask_pb2.FieldMask(paths=names)


def number(value):
    return struct_pb2.Value(number_value=value)


def hashed(key):
    return hashlib.sha256(key.encode()).hexdigest()


def act(key):
    return f"paramedic-{hashed(key)[:20]}"


models = v1.ModelServiceClient(transport=transport(ModelServiceRestTransport))
endpoints = v1.EndpointServiceClient(transport=transport(EndpointServiceRestTransport))
jobs = v1.PipelineServiceClient(transport=transport(PipelineServiceRestTransport))
schedules = v1.ScheduleServiceClient(transport=transport(ScheduleServiceRestTransport))
predictions = v1.PredictionServiceClient(transport=transport(PredictionServiceRestTransport))
made = {}

step("readModel")
versions = list(models.list_model_versions(v1.ListModelVersionsRequest(name=f"{parent}/models/7", page_size=100)))
made["versions"] = [[one.version_id, list(one.version_aliases), one.artifact_uri, one.etag] for one in versions]

step("moveAlias")
models.get_model(name=f"{parent}/models/7@1")
moved = models.merge_version_aliases(name=f"{parent}/models/7@1", version_aliases=["production"])
made["aliases"] = list(moved.version_aliases)

step("quarantine")
version = models.get_model(name=f"{parent}/models/7@2")
labels = dict(version.labels) | {"paramedic-status": "quarantined", "paramedic-quarantined-by": "x"}
change = v1.Model(name=f"{parent}/models/7@2", labels=labels, etag=version.etag)
made["labels"] = dict(models.update_model(model=change, update_mask=fields("labels")).labels)

step("freeze")
model = models.get_model(name=f"{parent}/models/7")
description = f"{model.description}\nPromotions frozen, says Paramedic: by anna"
change = v1.Model(name=f"{parent}/models/7", description=description, etag=model.etag)
made["description"] = models.update_model(model=change, update_mask=fields("description")).description


def read_endpoint():
    return endpoints.get_endpoint(name=f"{parent}/endpoints/e1")


def list_operations():
    request = operations_pb2.ListOperationsRequest(name=f"{parent}/endpoints/e1", filter="done=false")
    return [one.name for one in endpoints.list_operations(request).operations]


step("listEndpoints")
made["endpoints"] = [one.name for one in endpoints.list_endpoints(v1.ListEndpointsRequest(parent=parent, page_size=100))]

step("observeEndpoint")
endpoint = read_endpoint()
made["serving"] = {key: value for key, value in dict(endpoint.traffic_split).items() if value > 0}

step("split")
endpoint = read_endpoint()
list_operations()
change = v1.Endpoint(
    name=endpoint.name,
    traffic_split={"111": 100},
    labels=dict(endpoint.labels) | {"paramedic-act": act("k1")},
    etag=endpoint.etag,
)
made["split"] = dict(endpoints.update_endpoint(endpoint=change, update_mask=fields("traffic_split", "labels")).traffic_split)

step("deploy")
endpoint = read_endpoint()
list_operations()
labels = dict(endpoint.labels) | {"paramedic-act": act("k2")}
marked = v1.Endpoint(name=endpoint.name, labels=labels, etag=endpoint.etag)
endpoints.update_endpoint(endpoint=marked, update_mask=fields("labels"))
like = next(one for one in endpoint.deployed_models if one.id == "111")
deployed = v1.DeployedModel(
    id=str(int(hashed("k2"), 16) % 10**10).zfill(10),
    model=f"{parent}/models/7@3",
    display_name=like.display_name,
    dedicated_resources=like.dedicated_resources,
    service_account=like.service_account,
)
operation = endpoints.deploy_model(endpoint=endpoint.name, deployed_model=deployed, traffic_split={"0": 100})
made["deploying"] = operation.operation.name

step("callOff")
read_endpoint()
made["running"] = list_operations()
endpoints.cancel_operation(operations_pb2.CancelOperationRequest(name=made["running"][0]))

step("predict")
read_endpoint()
instance = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[number(1.0)]))
answer = predictions.predict(endpoint=endpoint.name, instances=[instance])
made["predictions"] = list(answer.predictions)


def read_job(name):
    return jobs.get_pipeline_job(name=f"{parent}/pipelineJobs/{name}")


def list_retries():
    request = v1.ListPipelineJobsRequest(
        parent=parent, filter='labels.paramedic_retry_of="train-1"', order_by="create_time desc", page_size=10
    )
    return [one.name for one in jobs.list_pipeline_jobs(request)]


def read_schedule():
    return schedules.get_schedule(name=f"{parent}/schedules/s1")


step("observeJob")
job = read_job("train-1")
made["job"] = [job.state.name, [one.error.message for one in job.job_detail.task_details], job.error.code]
made["retriesBefore"] = list_retries()
made["schedule"] = [read_schedule().state.name, read_schedule().cron]

step("retryJob")
read_job("train-1")
list_retries()
try:
    read_job("train-1-retry-1")
except NotFound as error:
    made["unknown"] = error.message
labels = {"team": "ml", "paramedic_retry_of": "train-1", "paramedic_act": act("k1")}
again = v1.PipelineJob(
    display_name=job.display_name,
    labels=labels,
    template_uri=job.template_uri,
    runtime_config=job.runtime_config,
    service_account=job.service_account,
)
created = jobs.create_pipeline_job(parent=parent, pipeline_job=again, pipeline_job_id="train-1-retry-1")
made["retry"] = [created.name, created.state.name]
made["retries"] = list_retries()

step("takeBack")
read_job("train-1-retry-1")
jobs.cancel_pipeline_job(name=f"{parent}/pipelineJobs/train-1-retry-1")
made["cancelled"] = read_job("train-1-retry-1").state.name

step("pause")
read_job("train-1")
read_schedule()
schedules.pause_schedule(name=f"{parent}/schedules/s1")
made["paused"] = [read_schedule().state.name, read_schedule().last_pause_time.isoformat()]

step("resume")
read_job("train-1")
read_schedule()
schedules.resume_schedule(v1.ResumeScheduleRequest(name=f"{parent}/schedules/s1", catch_up=False))
made["resumed"] = read_schedule().state.name

print(json.dumps(made))
