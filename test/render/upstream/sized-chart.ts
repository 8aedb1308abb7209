import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** As public charts of some size have them: names, labels and options that each template asks for. */
const NAMED = `{{- define "sized.name" -}}{{ .root.Release.Name }}-{{ .root.Chart.Name }}-{{ .part }}{{- end -}}
{{- define "sized.labels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}
`;

/**
 * Writes a chart of `files` templates into a folder: Deployments, Services, ConfigMaps and ServiceAccounts in turn, each with
 * values of its own, includes, ranges and conditions. The same for the same number.
 */
export function writeSizedChart(folder: string, files: number): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const parts = Array.from({ length: files }, (_, index) => `part-${index}`);
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: sized\nversion: 1.0.0\n");
  writeFileSync(join(folder, "values.yaml"), JSON.stringify({ parts: Object.fromEntries(parts.map(valuesOf)) }));
  writeFileSync(join(folder, "templates", "_named.tpl"), NAMED);
  for (const [index, part] of parts.entries()) {
    const body = BODIES[index % BODIES.length];
    const start = `{{- $part := "${part}" }}\n{{- $own := index .Values.parts $part }}\n{{- $it := dict "root" . "part" $part }}\n`;
    writeFileSync(join(folder, "templates", `${part}.yaml`), `${start}{{- if $own.enabled }}\n${body}{{- end }}\n`);
  }
}

function valuesOf(part: string, index: number): [string, object] {
  const env = Object.fromEntries(
    Array.from({ length: 10 }, (_, number) => [`NAME_${number}`, `value ${index}-${number}`]),
  );
  const limits = { cpu: `${100 + index}m`, memory: "128Mi" };
  return [
    part,
    { enabled: true, replicas: (index % 3) + 1, image: `registry.example/${part}:1.${index}`, env, limits },
  ];
}

const META = `metadata:
  name: {{ include "sized.name" $it }}
  labels: {{- include "sized.labels" $it | nindent 4 }}
`;

const BODIES: readonly string[] = [
  `apiVersion: apps/v1
kind: Deployment
${META}spec:
  replicas: {{ $own.replicas }}
  selector: { matchLabels: { app: {{ $part }} } }
  template:
    metadata: { labels: { app: {{ $part }} } }
    spec:
      containers:
        - name: main
          image: {{ $own.image | quote }}
          resources: {{- toYaml (dict "limits" $own.limits) | nindent 12 }}
          env:
            {{- range $name, $value := $own.env }}
            - { name: {{ $name }}, value: {{ tpl $value $ | quote }} }
            {{- end }}
`,
  `apiVersion: v1
kind: Service
${META}spec:
  selector: { app: {{ $part }} }
  ports:
    {{- range $index, $port := untilStep 8080 8084 1 }}
    - { name: port-{{ $index }}, port: {{ $port }} }
    {{- end }}
`,
  `apiVersion: v1
kind: ConfigMap
${META}data:
  {{- range $name, $value := $own.env }}
  {{ $name | lower | replace "_" "-" }}: {{ $value | upper | quote }}
  {{- end }}
  whole: {{ $own | toJson | squote }}
`,
  `apiVersion: v1
kind: ServiceAccount
${META}automountServiceAccountToken: {{ gt (int $own.replicas) 1 }}
`,
];
