{{- define "child.check" }}
{{- if lt (len .Values.password) 8 }}{{ fail (printf "a password of %d letters" (len .Values.password)) }}{{ end }}
{{- end }}
