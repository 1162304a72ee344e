"""What ClearML is asked about models and tasks, by its own package. Prints what it made of the answers."""
import json
import os
import sys
import urllib.request

URL = sys.argv[1]
os.environ.update(CLEARML_API_HOST=URL, CLEARML_WEB_HOST=URL, CLEARML_FILES_HOST=URL)
os.environ.update(CLEARML_API_ACCESS_KEY="access", CLEARML_API_SECRET_KEY="secret")
# By default it sends bodies with GET.
os.environ.update(CLEARML_API_DEFAULT_REQ_METHOD="POST")

from clearml.backend_api.session.client import APIClient  # noqa: E402  It reads its settings when it is loaded.

MODEL_FIELDS = ["id", "uri", "tags", "project"]
TASK_FIELDS = [
    "id", "name", "type", "status", "status_reason", "status_message", "created", "started", "completed",
    "status_changed", "parent", "tags", "system_tags", "execution.queue",
]


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{URL}/step/{name}", method="POST")).read()


def models():
    return client.models.get_all(
        name="^fraud$", system_tags=["-archived"], only_fields=MODEL_FIELDS, order_by=["-created"], page=0, page_size=100
    )


def retries(task):
    return client.tasks.get_all(
        parent=task,
        system_tags=["-archived"],
        only_fields=TASK_FIELDS,
        order_by=["-created"],
        page=0,
        page_size=10,
        search_hidden=True,
    )


def update_tags(model, add, remove):
    """An action that the package sends but has no schema of: it came with version 2.27."""
    fields = {"ids": [model], "add_tags": add, "remove_tags": remove}
    return client.session.send_request("models", "update_tags", version="2.27", json=fields).status_code


step("models")
client = APIClient()
before = [{"id": one.id, "uri": one.uri, "tags": one.tags, "project": one.project} for one in models()]

step("moveAlias")
models()
moved = [update_tags("m1", ["production"], []), update_tags("m2", [], ["production"])]

step("quarantine")
models()
client.models.add_or_update_metadata(
    model="m2", metadata=[{"key": "paramedic_quarantined_by", "type": "str", "value": "incident-1"}]
)
update_tags("m2", ["quarantined"], [])

step("releaseOnOldServer")
models()
unknown = update_tags("m2", [], ["quarantined"])
edited = client.models.edit(model="m2", tags=[])

step("observe")
client = APIClient()
task = client.tasks.get_by_id(task="t1")
retries("t1")
log = client.events.get_task_log(task="t1", order="desc", batch_size=30)
seen = {"id": task.id, "status": str(task.status), "queue": task.execution.queue, "reason": task.status_reason}

step("retryTask")
client.tasks.get_by_id(task="t1")
queued = client.tasks.enqueue(task="t1", queue="queue-1", status_reason="Paramedic: act-1")

step("retryPipeline")
pipeline = client.tasks.get_by_id(task="p1")
retries("p1")
tags = ["paramedic-run:p1-retry-1", "paramedic-act:act-2"]
clone = client.tasks.clone(task="p1", new_task_name="nightly fraud (p1-retry-1)", new_task_parent="p1", new_task_tags=tags)
client.tasks.enqueue(task=clone.id, queue="queue-1", status_reason="Paramedic: act-2")

step("takeBack")
made = retries("p1")
client.tasks.archive_many(ids=[made[0].id])

print(
    json.dumps(
        {
            "before": before,
            "moved": moved,
            "unknown": unknown,
            "edited": edited.updated,
            "task": seen,
            "log": [event["msg"] for event in log.events],
            "queued": queued.queued,
            "type": str(pipeline.type),
            "made": [{"status": str(one.status), "tags": one.tags} for one in made],
            "left": len(retries("p1")),
        }
    )
)
