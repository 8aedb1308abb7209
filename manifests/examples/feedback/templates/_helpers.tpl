{{- define "feedback.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: feedback
{{- end }}

{{- define "feedback.image" -}}
{{ printf "%s:%s" .repository (toString .tag) | quote }}
{{- end }}
