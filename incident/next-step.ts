import type { Diagnosis } from './diagnosis.ts';

/** What a person should do next about a cause that Paramedic could not mend by itself. */
export function nextStep(diagnosis: Diagnosis | null): string {
  const cause = diagnosis?.cause;
  switch (cause) {
    case 'bad-release':
      return 'Compare the newest release with the one before it, and release a mended one.';
    case 'image-missing':
      return 'Push the image, or correct its name, tag or pull secret in the pod template.';
    case 'bad-config':
      return 'Create the ConfigMap or Secret the pod template names, or correct the reference.';
    case 'memory-limit-too-low':
      return 'Find out whether the workload leaks; if it really needs the memory, raise the limit by hand and the ceiling in the runbook.';
    case 'node-memory-short':
      return 'Give the container a memory request and limit, and look at what else runs on its node.';
    case 'bad-node':
      return 'Find out what is wrong with the node (kubectl describe node), mend or replace it, and uncordon it (kubectl uncordon) only once it is well.';
    case 'node-disk-short':
      return 'Free disk space on its node, or bound what its containers write by a limit of ephemeral-storage.';
    case 'memory-leak':
      return 'Find what it keeps hold of, and release a mended version; until then restart it before it reaches its limit. More memory only puts it off.';
    case 'config-changed':
      return 'Look at what was changed, put it back or mend it, and start the pods anew.';
    case 'probe-failing':
      return 'Ask the probe by hand, and correct the program or the probe: its path, its port, or the time it is given.';
    case 'quota-exhausted':
      return 'Raise the quota, remove what is not needed in its namespace, or lower what its pods ask for.';
    case 'pod-refused':
      return 'Make the pod template such as the API server asks for, or change the policy that refuses it.';
    case 'taint-not-tolerated':
      return 'Give the pod template a toleration for the taint, if its pods may run there, or take the taint off.';
    case 'affinity-unsatisfiable':
      return 'Correct the node selector or affinity of the pod template, or label nodes as it asks.';
    case 'volume-pending':
      return 'Find out why the volume is not provided: its storage class, its provisioner, its zone, or another pod that has it.';
    case 'gpu-short':
      return 'Free devices of that kind or add nodes with them, and see whether each node offers all that it has.';
    case 'too-large-for-any-node':
      return 'Lower what its pods ask for, or add a node that is large enough.';
    case 'nodes-full':
      return 'Add nodes, remove what is not needed, or lower what pods ask for.';
    case 'unschedulable':
      return 'Make room: add nodes, raise the quota, or lower what the pods request.';
    case 'bad-model-version':
      return 'Find out why the version does not load, validate an earlier one, and deploy it; mark it last-known-good in the registry.';
    case 'transient':
      return 'Look at what it depends on, at its nodes, and at where the alert measures from; start a failed run again once they are well.';
    case 'bad-input':
      return 'Look at what the run reads: mend its input or the check, then start it again, and resume its schedule if it was suspended.';
    case 'code-error':
      return 'Read the logs of the failed pod, mend the program, start the run again, and resume its schedule if it was suspended.';
    case 'credential-expired':
      return 'Renew the credential or the right that the run was refused for, start it again, and resume its schedule if it was suspended.';
    case 'deadline-exceeded':
      return 'Find out why the run takes longer than its deadline; make it faster, or give it more time.';
    case 'stuck':
      return 'Look at the pods of the run and at what it waits for; end it by hand once nothing is lost by that.';
    case 'missed-schedule':
      return 'Look at what its scheduler says (events, conditions, logs), at its time zone and deadline for starting, and at quotas.';
    case 'still-running':
      return 'The run is under way for longer than was waited for; decide whether to let it go on.';
    case 'held-by-person':
      return 'Somebody suspended or stopped it; ask them, and let it go on once it may run.';
    case 'autoscaler-at-maximum':
      return 'Raise the upper bound of what scales it, or free room first; raising the lower bound and evicting pods of lower priority are left to you.';
    case 'autoscaler-blind':
      return 'Bring the metrics back that the autoscaler reads: it scales nothing without them.';
    case 'scaler-paused':
      return 'Whoever paused what scales it should take the pause away, or set the number of pods by hand.';
    case 'replicas-fixed-too-low':
      return 'Raise the number of pods, or give the workload an autoscaler.';
    case 'scaled-to-zero':
      return 'Nothing, if it is meant to be off; else scale it up again.';
    case 'upstream-failed':
      return 'Mend the job that failed, run it again, and check what the model was fed meanwhile.';
    case 'schema-changed':
      return 'Ask who owns the data set what changed; adapt the features or have it taken back, and promote nothing trained on it until then.';
    case 'data-late':
      return 'Find out why the data is late, at its source and at the jobs that bring it; predictions rest on old data until then.';
    case 'data-volume':
      return 'Compare the amount of data with the days before at its source, and decide whether what was trained on it may be used.';
    case 'null-share':
      return 'Find out at the source why values are missing, and whether the features that need them should be left out until then.';
    case 'new-version-worse':
      return 'Compare the version with the one before it on the same data; go back unless the comparison speaks for it.';
    case 'input-drift':
      return 'Find out whether the world or the data changed: if the world, train anew; if the data, mend it at its source.';
    case 'prediction-drift':
      return 'Look at inputs and at the version that serves; predictions change with either, or because the world does.';
    case 'accuracy-dropped':
      return 'Check the labels first, then the inputs; if both are right, train anew or go back to a version that was better.';
    case 'rolling-out':
      return 'A rollout is under way and does not end; look at its pods and decide whether to go on or back.';
    case 'selector-matches-nothing':
    case 'wrong-target-port':
      return 'Let the Service and the pod template agree again: the reason names the command that changes the Service.';
    case 'policy-cuts-path':
      return 'Decide whether the policy is meant: the reason names the command that lets this path through and leaves the rest as it is.';
    case 'dependency-down':
      return 'Look at the dependency first; the target needs nothing once that is back.';
    case 'dns-down':
      return 'Look at the DNS of the cluster in kube-system first: everything that asks for names fails with it.';
    case 'certificate-expired':
      return 'Renew the certificate, and find out why it was not renewed by itself.';
    case 'no-endpoints':
      return 'Find out why its pods are not ready: readiness probes, events and logs.';
    case 'flake':
      return 'Read the previous logs of the failing pod, and look at its node.';
    case 'healthy':
    case 'unknown':
    case undefined:
      return 'Look at the evidence: pods, events and previous logs of the target.';
    default:
      return cause satisfies never;
  }
}
