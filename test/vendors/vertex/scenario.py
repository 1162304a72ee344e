"""What our client asks of Vertex AI, asked by Google's own package. Prints what it made of the answers."""

import json
import sys
import urllib.request

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


models = v1.ModelServiceClient(transport=transport(ModelServiceRestTransport))
endpoints = v1.EndpointServiceClient(transport=transport(EndpointServiceRestTransport))
jobs = v1.PipelineServiceClient(transport=transport(PipelineServiceRestTransport))
schedules = v1.ScheduleServiceClient(transport=transport(ScheduleServiceRestTransport))
predictions = v1.PredictionServiceClient(transport=transport(PredictionServiceRestTransport))
made = {}

step("readModel")
versions = list(models.list_model_versions(v1.ListModelVersionsRequest(name=f"{parent}/models/7", page_size=100)))
made["versions"] = [[one.version_id, list(one.version_aliases), one.artifact_uri] for one in versions]

step("moveAlias")
moved = models.merge_version_aliases(name=f"{parent}/models/7@1", version_aliases=["production"])
made["aliases"] = list(moved.version_aliases)

step("quarantine")
version = models.get_model(name=f"{parent}/models/7@2")
labels = dict(version.labels) | {"paramedic-status": "quarantined", "paramedic-quarantined-by": "x"}
marked = models.update_model(model=v1.Model(name=f"{parent}/models/7@2", labels=labels), update_mask=fields("labels"))
made["labels"] = dict(marked.labels)

step("readEndpoint")
endpoint = endpoints.get_endpoint(name=f"{parent}/endpoints/e1")
made["serving"] = {key: value for key, value in dict(endpoint.traffic_split).items() if value > 0}

step("split")
change = v1.Endpoint(name=endpoint.name, traffic_split={"111": 100}, etag=endpoint.etag)
made["split"] = dict(endpoints.update_endpoint(endpoint=change, update_mask=fields("traffic_split")).traffic_split)

step("operations")
endpoints.list_operations(operations_pb2.ListOperationsRequest(name=endpoint.name, filter="done=false"))

step("deploy")
like = next(one for one in endpoint.deployed_models if one.id == "222")
deployed = v1.DeployedModel(model=f"{parent}/models/7@3", display_name=like.display_name, dedicated_resources=like.dedicated_resources)
operation = endpoints.deploy_model(endpoint=endpoint.name, deployed_model=deployed, traffic_split={"0": 100})
made["deploying"] = operation.operation.name

step("predict")
instance = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[number(1.0)]))
answer = predictions.predict(endpoint=endpoint.name, instances=[instance])
made["predictions"] = list(answer.predictions)

step("readJob")
job = jobs.get_pipeline_job(name=f"{parent}/pipelineJobs/train-1")
made["job"] = [job.state.name, job.job_detail.task_details[0].error.message]

step("retries")
retries = v1.ListPipelineJobsRequest(parent=parent, filter="labels.paramedic-retry-of=train-1", order_by="create_time desc", page_size=10)
made["retries"] = [one.name for one in jobs.list_pipeline_jobs(retries)]

step("makeJob")
again = v1.PipelineJob(
    display_name=job.display_name,
    labels={"paramedic-retry-of": "train-1", "paramedic-act": "x"},
    template_uri=job.template_uri,
    runtime_config=job.runtime_config,
)
created = jobs.create_pipeline_job(parent=parent, pipeline_job=again, pipeline_job_id="train-1-retry-1")
made["retry"] = [created.name, created.state.name]

step("cancel")
jobs.cancel_pipeline_job(name=f"{parent}/pipelineJobs/train-1-retry-1")

step("readSchedule")
made["schedule"] = schedules.get_schedule(name=f"{parent}/schedules/s1").state.name

step("pause")
schedules.pause_schedule(name=f"{parent}/schedules/s1")

step("resume")
schedules.resume_schedule(v1.ResumeScheduleRequest(name=f"{parent}/schedules/s1", catch_up=False))

print(json.dumps(made))
