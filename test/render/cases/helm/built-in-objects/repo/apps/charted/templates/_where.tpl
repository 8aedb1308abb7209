{{ define "charted.where" }}{{ .Template.Name }}{{ end }}
