{{- define "windows.name" -}}
{{ .Release.Name }}-windows
{{- end -}}
