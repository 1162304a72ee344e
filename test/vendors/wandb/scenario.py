"""What a registry is asked, by W&B's own package. Prints what it made of the answers."""
import json
import os
import sys
import urllib.request

URL = sys.argv[1]
os.environ.update(WANDB_BASE_URL=URL, WANDB_API_KEY="a" * 40, WANDB_SILENT="true", WANDB_ERROR_REPORTING="false")

import wandb  # noqa: E402  It reads its settings when it is loaded.


def step(name):
    urllib.request.urlopen(urllib.request.Request(f"{URL}/step/{name}", method="POST")).read()


def seen(version):
    return {
        "version": version.version,
        "aliases": sorted(version.aliases),
        "tags": sorted(version.tags),
        "storageUri": version.metadata.get("storage_uri"),
        "state": str(version.state),
    }


api = wandb.Api(overrides={"entity": "acme", "organization": "acme"}, timeout=10)


def versions():
    registries = api.registries(organization="acme", filter={"name": "model"})
    return list(registries.collections(filter={"name": "fraud"}).versions())


def find(version):
    return next(one for one in versions() if one.version == version)


step("versions")
before = [seen(one) for one in versions()]

step("moveAlias")
good = find("v1")
good.aliases.append("production")
good.save()

step("quarantine")
bad = find("v2")
bad.tags.append("quarantined")
bad.save()

step("release")
bad = find("v2")
bad.tags.remove("quarantined")
bad.save()

step("quarantineByAlias")
bad = find("v2")
bad.aliases.append("quarantined-v2")
bad.save()

step("releaseByAlias")
bad = find("v2")
bad.aliases.remove("quarantined-v2")
bad.save()

step("after")
after = [seen(one) for one in versions()]
print(json.dumps({"before": before, "after": after}))
