import { type AlertName, beginnings, hasWord } from './alert-name.ts';

/** Why an alert is none that a runbook may take, unless one names it exactly. */
export interface LeftAlone {
  readonly about: About;
  /** As a part of a sentence about the alert. */
  readonly why: string;
}

/** The closed list of what alerts are about that are left to people, the first that fits. */
const ABOUT = {
  substrate: 'it is about what Paramedic itself stands on',
  monitoring: 'it is about the monitoring itself, which Paramedic stands on',
  controlPlane: 'it is about the control plane or the network of the cluster',
  nodes: 'it is about nodes or their hardware at large',
  dataStores: 'it is about a database, a cache, a queue or a disk',
  certificates: 'it is about certificates, secrets or who may log in',
  edge: 'it is about a proxy, a gateway or a mesh',
  delivery: 'it is about builds, or about what brings releases to the cluster',
  otherSystems: 'it is about another system, or a business figure, and no failure of a machine-learning platform',
} as const;

type About = keyof typeof ABOUT;

/** Beginnings of words, anywhere in a name. */
const WORDS: Readonly<Record<About, string>> = {
  monitoring:
    'prometheus|alertmanager|grafana|thanos|cortex|mimir|loki|promtail|tempo|jaeger|opentelemetry|otel|fluentd|fluentbit|logpipeline|logshipp|exporter|scrap|proberstale|proberdown|watchdog|deadman|infoinhibitor|kubestatemetrics|configreloader|cloudwatch|stackdriver|netdata|victoriametrics|vmagent|remotewrite|metricmissing|metricsmissing|metricabsent|metricsabsent|datasourcenodata|selfscrape|dcgmhostengine|sentry|datadog|promscale|hpametric',
  substrate:
    'temporalserver|temporalservice|temporalfrontend|temporalhistory|temporalmatching|temporalworker|temporalworkflow|temporalactivity|temporaltask|temporalpersistence|temporalschedule|temporaldown|temporalcluster|paramedic',
  controlPlane:
    'etcd|controlplane|kubeapi|kubernetesapi|kubescheduler|kubecontroller|controllermanager|kubeproxy|kubeclient|kubeversion|kubernetesclient|kubeaggregated|coredns|kubedns|kubernetesdns|cilium|calico|flannel|weave|kubecni|cloudcontroller|clusteroperator|admissionwebhook|clusterautoscaler|karpenter|kubepersistent|kubernetespersistent|kubernetesvolume|persistentvolume|pvc|kubepv|csi',
  nodes:
    'kubelet|node|resourcehealth|machinedeployment|machineset|machinepool|machineconfig|machinehealth|nvidiagpu|nvidiadriver|nvidiadevice|nvidiaexporter|nvidiahardware|systemd|systemoom|systemmemory|systemdisk|systemcpu|systemload|kernel|xid|ecc|nvlink|nvswitch|infiniband|pcie|hostengine|thermal|temperature|gputemp|overheat|powerthrottl|clockthrottl|smartdevice|smartmedia|smartstatus|smartctl|ipmi|raid|edac|windowsserver|virtualmachine|vmware|hypervisor|proxmox|conntrack|networkinterface|pve|clockskew|ntp|gpuoperator|gpudriver|gpudevice|gpuhardware|gpulost|gpufell|rowremap|retiredpage|npd|containerruntime|containerdrestart|containerdunhealthy|containerdhung|dockerd|dockerhung|frequentdocker|crio|snmp|juniper|processexporter',
  dataStores:
    'postgres|pgbouncer|pgpool|pgstat|pgreplica|mysql|mariadb|percona|mongo|redis|memcached|elasticsearch|opensearch|clickhouse|cassandra|scylla|couchdb|cockroach|solr|sqlserver|mssql|oracle|database|connectionpool|hikari|jdbc|dbconn|dbdown|dbcpu|dberror|dblatency|dbpool|dbreplica|dbslow|dblock|dbbackup|dbquer|patroni|meilisearch|vectordb|milvus|qdrant|weaviate|kafka|rabbit|pulsar|nats|zookeeper|activemq|sqs|sidekiq|celery|deadletter|minio|ceph|rook|longhorn|openebs|zfs|nfs|s3|bucket|disk|objectstor|datastore|filesystem|inode|rds|dynamodb|influx|neo4j|hadoop|hdfs|hbase',
  certificates:
    'cert|ssl|tls|x509|vault|secret|keycloak|oauth|ldap|login|auth|tokenrefresh|tokenexchange|tokenexpir|password|security|intrusion|malware',
  edge: 'haproxy|nginx|traefik|envoy|istio|linkerd|caddy|httpd|apachedown|apacherestart|apacheworker|ingress|cloudflare|loadbalancer|awsalb|awselb|cdn|wireguard|vpn|speedtest|varnish|squid|knativeactivator',
  delivery:
    'argocd|argoapp|argoapplication|flux|jenkins|gitlab|github|spinnaker|tekton|harbor|backstage|terraform|helmrelease|kustomization|cipipeline|cirunner|cijob|cibuild|cicd|buildfail|buildpipeline|buildjob|releasepipeline|deploypipeline|deploymentpipeline|containerregistry|imageregistry|imagescan|artifactory',
  otherSystems:
    'flink|jobmanager|taskmanager|spark|presto|trino|nomad|consul|jvm|hadoop|yarn|freeswitch|asterisk|apcups|digitalocean|azure|lambda|phpfpm|ruby|golang|gomemory|goheap|gostack|gogc|gogoroutine|gothread|python|graphnode|ebpf|openstack|velero|backup|snapshot|cost|spend|monthlybudget|dailybudget|tokenbudget|billing|revenue|portfolio|trading|sharpe|website|smtp|license',
};

/** The beginning of a name, where the word alone would say too little. */
const BEGINNINGS: Readonly<Partial<Record<About, RegExp>>> = {
  controlPlane: /^(?:K8s|Kube|Kubernetes)?[ _-]?(?:API|Api|api)[ _-]?[Ss]erver/,
  nodes: /^(?:High|Low|Critical)?[ _-]?[Hh]osts?(?![a-z])/,
};

const ENTRIES = (Object.keys(ABOUT) as About[]).map((about) => ({
  about,
  words: beginnings(WORDS[about].split('|'), 'surely'),
  beginning: BEGINNINGS[about],
}));

/** Null for an alert that a runbook may take. */
export function leftAlone(name: string, read: AlertName): LeftAlone | null {
  const entry = ENTRIES.find(({ words, beginning }) => beginning?.test(name) || hasWord(read, words));
  return entry ? { about: entry.about, why: ABOUT[entry.about] } : null;
}
