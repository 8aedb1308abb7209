{{ define "greeting" }}hello from the parent{{ end }}
