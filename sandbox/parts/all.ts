import { airflow } from './airflow.ts';
import { alertmanager } from './alertmanager.ts';
import { argoServer } from './argo-server.ts';
import { argoWorkflowController } from './argo-workflow-controller.ts';
import { containerd } from './containerd.ts';
import { etcd } from './etcd.ts';
import { jobset } from './jobset.ts';
import { kserve } from './kserve.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import { kubeScheduler } from './kube-scheduler.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { kubelet } from './kubelet.ts';
import { kwok } from './kwok.ts';
import { mlflow } from './mlflow.ts';
import { mlflowAuth } from './mlflow-auth.ts';
import { paramedic } from './paramedic.ts';
import type { Part, PartName } from './part.ts';
import { prometheus } from './prometheus.ts';
import { temporal } from './temporal.ts';
import { trainer } from './trainer.ts';
import { trainingOperator } from './training-operator.ts';

export const PARTS: Readonly<Record<PartName, Part>> = {
  containerd,
  temporal,
  etcd,
  'kube-apiserver': kubeApiserver,
  'kube-controller-manager': kubeControllerManager,
  'kube-scheduler': kubeScheduler,
  kwok,
  kubelet,
  kserve,
  mlflow,
  'mlflow-auth': mlflowAuth,
  airflow,
  jobset,
  trainer,
  'training-operator': trainingOperator,
  'argo-workflow-controller': argoWorkflowController,
  'argo-server': argoServer,
  'kube-state-metrics': kubeStateMetrics,
  alertmanager,
  prometheus,
  paramedic,
};
