<h1>{{ .Values.whom | title }}</h1>
{{- define "in.a.file" }}defined in a file{{ end }}
<p>{{ include "in.a.file" . }}</p>
