"""What Kubeflow Pipelines is asked, by its own package. Prints what it made of the answers."""
import json
import sys
import urllib.request

import kfp_server_api as kfp

URL, EXPERIMENT = sys.argv[1], "exp-1"
RUN, RECURRING = "0b1f9c9e-7e0f-4a53-8c3e-1f1f9a1d2c3b", "7c1de2aa-35b1-4a0e-9d41-3b0a52c0f001"
CLONE = f"churn nightly (retry 1 of {RUN})"


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{URL}/step/{name}", method="POST")).read()


configuration = kfp.Configuration(host=URL)
configuration.api_key = {"authorization": "sesame"}
configuration.api_key_prefix = {"authorization": "Bearer"}
client = kfp.ApiClient(configuration)
runs, recurring_runs = kfp.RunServiceApi(client), kfp.RecurringRunServiceApi(client)


def picked(operation, key, value):
    predicate = kfp.V2beta1Predicate(operation=operation, key=key, string_value=value)
    return json.dumps({"predicates": [{k: v for k, v in predicate.to_dict().items() if v is not None}]})


def listed(operation, key, value):
    return runs.run_service_list_runs(
        experiment_id=EXPERIMENT, page_size=10, sort_by="created_at desc", filter=picked(operation, key, value)
    )


step("observe")
recurring = recurring_runs.recurring_run_service_get_recurring_run(RECURRING)
own = listed("EQUALS", "recurring_run_id", RECURRING)
listed("IS_SUBSTRING", "display_name", f" of {RUN})")

step("retry")
before = runs.run_service_get_run(RUN)
listed("EQUALS", "display_name", CLONE)
runs.run_service_retry_run(RUN)
for _ in range(20):
    runs.run_service_get_run(RUN)
listed("EQUALS", "display_name", CLONE)
made = runs.run_service_create_run(
    kfp.V2beta1Run(
        display_name=CLONE,
        description=f"Made by Paramedic, since run {RUN} failed and did not go on: k1",
        experiment_id=EXPERIMENT,
        pipeline_version_reference=before.pipeline_version_reference,
        runtime_config=before.runtime_config,
        service_account=before.service_account,
    )
)

step("pause")
recurring_runs.recurring_run_service_get_recurring_run(RECURRING)
recurring_runs.recurring_run_service_disable_recurring_run(RECURRING)

step("resume")
paused = recurring_runs.recurring_run_service_get_recurring_run(RECURRING)
recurring_runs.recurring_run_service_enable_recurring_run(RECURRING)

print(
    json.dumps(
        {
            "run": [before.run_id, before.state, before.error.message, len(before.state_history)],
            "tasks": [[task.display_name, task.state] for task in before.run_details.task_details],
            "listed": [run.run_id for run in own.runs],
            "made": [made.run_id, made.display_name, made.state],
            "recurring": [recurring.status, recurring.trigger.cron_schedule.cron, paused.status],
        }
    )
)
