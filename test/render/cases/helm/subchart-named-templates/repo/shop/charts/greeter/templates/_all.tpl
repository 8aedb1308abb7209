{{ define "greeting" }}hello from the child{{ end }}
{{ define "child.own" }}only in the child{{ end }}
