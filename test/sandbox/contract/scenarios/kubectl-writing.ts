import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, SERVICES, service } from "../objects.ts";
import { get, given, kubectl, post, scenario, type Theme } from "../scenario.ts";

const settings = (colour: string, more = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  colour: ${colour}\n${more}`;

const web = (image: string, replicas: number, env = ""): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: main
          image: ${image}
          ports: [{ containerPort: 80 }]${env}
`;

const MANAGED = { managers: true };

export const KUBECTL_WRITING: Theme = {
  name: "kubectl writing",
  scenarios: [
    scenario(
      "kubectl apply creates, changes, and leaves alone",
      [
        kubectl("apply -f -", { stdin: settings("red", "  size: large\n") }),
        kubectl("apply -f -", { stdin: settings("red", "  size: large\n") }),
        kubectl("apply -f -", { stdin: settings("blue") }),
        get(`${CONFIG_MAPS}/settings`),
        kubectl("apply -f -", { stdin: web("nginx:1.27", 2) }),
        kubectl("apply -f -", { stdin: web("nginx:1.28", 3, '\n          env: [{ name: A, value: "1" }]') }),
        kubectl("apply -f -", { stdin: web("nginx:1.28", 3) }),
        get(`${DEPLOYMENTS}/web`),
        kubectl("apply view-last-applied configmap/settings"),
      ],
      MANAGED,
    ),
    scenario("kubectl apply validates, and runs dry", [
      kubectl("apply -f -", { stdin: settings("red", "unheard: 1\n") }),
      kubectl("apply --validate=warn -f -", { stdin: settings("red", "unheard: 1\n") }),
      kubectl("apply --dry-run=server -f -", { stdin: web("nginx:1.27", 2) }),
      kubectl("apply --dry-run=client -f -", { stdin: web("nginx:1.27", 2) }),
      kubectl("get deployments"),
      kubectl("apply -f -", { stdin: web("nginx:1.27", -2) }),
      kubectl("apply -f -", { stdin: "apiVersion: example.com/v1\nkind: Unheard\nmetadata: {name: a}\n" }),
      kubectl("apply -n absent-$ns -f -", { stdin: settings("red") }),
    ]),
    scenario(
      "kubectl apply --server-side owns fields, and tells conflicts",
      [
        kubectl("apply --server-side -f -", { stdin: settings("red") }),
        kubectl("apply --server-side --field-manager=other -f -", { stdin: settings("blue") }),
        kubectl("apply --server-side --field-manager=other --force-conflicts -f -", { stdin: settings("blue") }),
        get(`${CONFIG_MAPS}/settings`),
        kubectl("apply --server-side --dry-run=server -f -", { stdin: web("nginx:1.27", 2) }),
      ],
      MANAGED,
    ),
    scenario(
      "a client-side apply is taken over by a server-side one",
      [
        kubectl("apply -f -", { stdin: settings("red") }),
        kubectl("apply --server-side -f -", { stdin: settings("blue") }),
        get(`${CONFIG_MAPS}/settings`),
      ],
      MANAGED,
    ),
    scenario("kubectl diff shows what an apply would change", [
      kubectl("diff -f -", { stdin: settings("red") }),
      kubectl("apply -f -", { stdin: settings("red") }),
      kubectl("diff -f -", { stdin: settings("red") }),
      kubectl("diff -f -", { stdin: settings("blue") }),
      kubectl("diff --server-side -f -", { stdin: settings("green") }),
    ]),
    scenario(
      "kubectl edit writes what the editor left",
      [
        given(post(CONFIG_MAPS, configMap("settings", { colour: "red" }))),
        kubectl("edit configmap settings", { editor: "sed -i s/red/blue/" }),
        kubectl("edit configmap settings", { editor: "true" }),
        get(`${CONFIG_MAPS}/settings`),
      ],
      MANAGED,
    ),
    scenario(
      "kubectl patch writes in three ways",
      [
        given(post(DEPLOYMENTS, deployment("web"))),
        kubectl([
          "patch",
          "deployment",
          "web",
          "-p",
          '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:1.28"}]}}}}',
        ]),
        kubectl(["patch", "deployment", "web", "--type=merge", "-p", '{"spec":{"replicas":4}}']),
        kubectl([
          "patch",
          "deployment",
          "web",
          "--type=json",
          "-p",
          '[{"op":"replace","path":"/spec/replicas","value":5}]',
        ]),
        kubectl([
          "patch",
          "deployment",
          "web",
          "--subresource=status",
          "--type=merge",
          "-p",
          '{"status":{"replicas":5}}',
        ]),
        kubectl(["patch", "deployment", "web", "--type=merge", "-p", '{"spec":{"replicas":5}}']),
        get(`${DEPLOYMENTS}/web`),
      ],
      MANAGED,
    ),
    scenario(
      "kubectl scale, set, label and annotate write one thing each",
      [
        given(post(DEPLOYMENTS, deployment("web"))),
        kubectl("scale deployment web --replicas=3"),
        kubectl("scale deployment web --current-replicas=9 --replicas=4"),
        kubectl("scale deployment absent --replicas=4"),
        kubectl("set image deployment/web main=nginx:1.28"),
        kubectl("set env deployment/web A=1"),
        kubectl("set resources deployment/web --limits=cpu=1"),
        kubectl("label deployment web tier=front"),
        kubectl("label deployment web tier=back"),
        kubectl("label deployment web tier=back --overwrite"),
        kubectl("label deployment web tier-"),
        kubectl("annotate deployment web note=this"),
        kubectl("rollout pause deployment/web"),
        kubectl("rollout resume deployment/web"),
        get(`${DEPLOYMENTS}/web`),
      ],
      MANAGED,
    ),
    scenario("kubectl create KIND makes the usual kinds", [
      kubectl("create deployment web --image=nginx:1.27 --replicas=2 --port=80"),
      kubectl("create configmap settings --from-literal=colour=red"),
      kubectl("create secret generic key --from-literal=password=secret"),
      kubectl("create service clusterip web --tcp=80:8080"),
      kubectl("create serviceaccount robot"),
      kubectl("create role reader --verb=get --resource=pods"),
      kubectl("create job once --image=busybox -- true"),
      kubectl(["create", "cronjob", "often", "--image=busybox", "--schedule=* * * * *"]),
      kubectl("create namespace made-$ns"),
    ]),
    scenario("kubectl create -f, run and expose make what they are told", [
      kubectl("create -f -", { stdin: `${settings("red")}---\n${web("nginx:1.27", 2)}` }),
      kubectl("create -f -", { stdin: settings("red") }),
      kubectl("run alone --image=nginx:1.27"),
      kubectl("expose deployment web --name=front --port=80"),
      kubectl("get deployment,configmap,service,pod -o name"),
    ]),
    scenario("kubectl replace and delete", [
      given(post(CONFIG_MAPS, configMap("settings", { colour: "red" }))),
      given(post(SERVICES, service("web"))),
      given(post(DEPLOYMENTS, deployment("web"))),
      kubectl("replace -f -", { stdin: settings("blue") }),
      kubectl("delete configmap settings"),
      kubectl("delete configmap settings"),
      kubectl("delete configmap settings --ignore-not-found"),
      kubectl("delete service/web deployment/web --dry-run=server"),
      kubectl("delete service,deployment -l app=absent"),
      kubectl("delete service/web --wait=false"),
      kubectl("delete -f -", { stdin: settings("blue") }),
    ]),
    scenario("kubectl wait sees conditions, values and ends", [
      given(post(CONFIG_MAPS, configMap("settings", { colour: "red" }))),
      kubectl("wait configmap/settings --for=jsonpath={.data.colour}=red --timeout=2s"),
      kubectl("wait configmap/settings --for=jsonpath={.data.colour}=blue --timeout=1s"),
      kubectl("wait configmap/absent --for=delete --timeout=1s"),
      kubectl("wait configmap/absent --for=condition=Ready --timeout=1s"),
    ]),
  ],
};
