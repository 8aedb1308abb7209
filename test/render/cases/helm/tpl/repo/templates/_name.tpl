{{ define "tpl.name" }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
