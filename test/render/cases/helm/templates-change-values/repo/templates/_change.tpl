{{ define "change" }}{{ $_ := set .Values.settings "later" "from the helper" }}{{ end }}
