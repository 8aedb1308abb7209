{{ define "documents.multiline" }}one line{{ end }}
