/** Small manifests in the words of a user. */
export function configMap(name: string, data: { readonly [key: string]: string }): string {
  return yaml("v1", "ConfigMap", name, { data });
}

export function deployment(
  name: string,
  { replicas = 2, image = "nginx:1.27" }: { replicas?: number; image?: string } = {},
): string {
  const labels = { app: name };
  return yaml("apps/v1", "Deployment", name, {
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image, env: [{ name: "A", value: "1" }] }] },
      },
    },
  });
}

export function service(name: string): string {
  return yaml("v1", "Service", name, {
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  });
}

/** JSON is YAML; and no template of ours can get an indentation wrong. */
export function yaml(apiVersion: string, kind: string, name: string, rest: object, metadata: object = {}): string {
  return `${JSON.stringify({ apiVersion, kind, metadata: { name, ...metadata }, ...rest }, null, 2)}\n`;
}
