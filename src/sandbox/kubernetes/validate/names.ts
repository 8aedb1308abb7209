/** What is wrong with a name; nothing for a right one. Sentences and limits: apimachinery, api/validate/content. */
export type NameRule = (name: string) => readonly string[];

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const VALUE = `(${QUALIFIED})?`;
const IS_SUBDOMAIN = new RegExp(`^${SUBDOMAIN}$`);

interface Form {
  readonly regex: string;
  readonly limit: number;
  readonly says: string;
  readonly examples: readonly string[];
}

const ENDS = "and must start and end with an alphanumeric character";
const FORMS = {
  label: {
    regex: LABEL,
    limit: 63,
    says: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${ENDS}`,
    examples: ["my-name", "123-abc"],
  },
  subdomain: {
    regex: SUBDOMAIN,
    limit: 253,
    says: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${ENDS}`,
    examples: ["example.com"],
  },
  key: {
    regex: QUALIFIED,
    limit: 63,
    says: `must consist of alphanumeric characters, '-', '_' or '.', ${ENDS}`,
    examples: ["MyName", "my.name", "123-abc"],
  },
  value: {
    regex: VALUE,
    limit: 63,
    says: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${ENDS}`,
    examples: ["MyValue", "my_value", "12345"],
  },
} as const satisfies { readonly [name: string]: Form };

function wrongForm({ regex, says, examples }: Form): string {
  return `${says} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${regex}')`;
}

/** Names are counted in characters, keys and labels in bytes: so says the server, whatever it counts. */
function formRule(form: Form, unit: "bytes" | "characters"): NameRule {
  const pattern = new RegExp(`^${form.regex}$`);
  return (name) => [
    ...(Buffer.byteLength(name) > form.limit ? [`must be no more than ${form.limit} ${unit}`] : []),
    ...(pattern.test(name) ? [] : [wrongForm(form)]),
  ];
}

const label = formRule(FORMS.label, "characters");
export const subdomainRule = formRule(FORMS.subdomain, "characters");
export const labelValueRule = formRule(FORMS.value, "bytes");
const keyPrefix = formRule(FORMS.subdomain, "bytes");
const keyName = formRule(FORMS.key, "bytes");

export function labelRule(name: string): readonly string[] {
  const problems = label(name);
  return IS_SUBDOMAIN.test(name) && name.includes(".")
    ? problems.map((problem) => (problem === wrongForm(FORMS.label) ? "must not contain dots" : problem))
    : problems;
}

/** Names that become part of a path and nothing else: those of RBAC. */
export function pathSegmentRule(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** `name` or `prefix/name`: keys of labels and annotations, finalizers. */
export function qualifiedRule(key: string): readonly string[] {
  const parts = key.split("/");
  const [prefix = "", name = ""] = parts.length === 2 ? parts : [undefined, key];
  if (parts.length > 2) {
    return [
      `a valid label key ${wrongForm(FORMS.key)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const prefixProblems = prefix === "" ? ["must be non-empty"] : keyPrefix(prefix);
  const nameProblems = [...(name === "" ? ["must be non-empty"] : []), ...keyName(name)];
  return [
    ...(parts.length === 2 ? prefixProblems.map((problem) => `prefix part ${problem}`) : []),
    ...nameProblems.map((problem) => `name part ${problem}`),
  ];
}
