{{- define "fairway.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "fairway.selector" -}}
app.kubernetes.io/name: fairway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fairway.labels" -}}
{{ include "fairway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Seconds that a pod which is told to end goes on answering: until every proxy has heard of it. */ -}}
{{- define "fairway.stopDelay" -}}
{{- $delay := dig "FAIRWAY_STOP_DELAY_SECONDS" 5 (.Values.settings | default dict) -}}
{{- include "fairway.text" (list "FAIRWAY_STOP_DELAY_SECONDS" $delay) -}}
{{- end -}}

{{- /* The delay (none where it is "off"), 15 seconds after which a process ends whatever it is at, and 10 for a node that is busy. */ -}}
{{- define "fairway.gracePeriod" -}}
{{- add (include "fairway.stopDelay" . | int) 25 -}}
{{- end -}}

{{- /*
A setting, its name and its value, as text. Helm reads numbers of a file as floating, and would say 1e+06 for a million; and off without quotes as
false, which settings that may be off do not know.
*/ -}}
{{- define "fairway.text" -}}
{{- $offs := list "FAIRWAY_RATE_LIMIT" "FAIRWAY_RATE_LIMIT_ADDRESS" "FAIRWAY_SIGN_IN_AGAIN_MINUTES" "FAIRWAY_STOP_DELAY_SECONDS" -}}
{{- $name := index . 0 -}}
{{- $value := index . 1 -}}
{{- if and (kindIs "bool" $value) (not $value) (has $name $offs) }}off
{{- else if and (kindIs "float64" $value) (eq (floor $value) $value) }}{{ int64 $value }}{{ else }}{{ $value }}{{ end -}}
{{- end -}}

{{- define "fairway.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "fairway.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
env:
  - name: FAIRWAY_BASE_URL
    value: {{ .Values.baseUrl | quote }}
  - name: FAIRWAY_ADMIN_EMAIL
    value: {{ .Values.adminEmail | quote }}
  - name: FAIRWAY_TRUSTED_PROXIES
    value: {{ .Values.trustedProxies | quote }}
  - name: FAIRWAY_CLIENT_ID
    value: {{ .Values.clientId | quote }}
  - name: DATABASE_URL_FILE
    value: /run/secrets/fairway/database-url
  - name: FAIRWAY_SECRET_KEY_FILE
    value: /run/secrets/fairway/secret-key
  - name: FAIRWAY_CLIENT_SECRET_FILE
    value: /run/secrets/fairway/client-secret
  - name: FAIRWAY_ADMIN_PASSWORD_FILE
    value: /run/secrets/fairway/admin-password
  - name: FAIRWAY_METRICS_TOKEN_FILE
    value: /run/secrets/fairway/metrics-token
  - name: FAIRWAY_STOP_DELAY_SECONDS
    value: {{ include "fairway.stopDelay" . | quote }}
  {{- range $name, $value := omit (.Values.settings | default dict) "FAIRWAY_STOP_DELAY_SECONDS" }}
  - name: {{ $name }}
    value: {{ include "fairway.text" (list $name $value) | quote }}
  {{- end }}
ports:
  - name: http
    containerPort: 3000
# Alive is not ready: a database that is away makes pods unready, and restarts would not bring it back. It listens when the
# database is migrated: a pod that is killed in a migration of a large database begins it again, for ever.
startupProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 2
  failureThreshold: 900
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
volumeMounts:
  - name: data
    mountPath: /data
  - name: tmp
    mountPath: /tmp
  - name: secrets
    mountPath: /run/secrets/fairway
    readOnly: true
{{- end -}}

{{- define "fairway.volumes" -}}
# Nothing in it has to last: keys and credentials come from the Secret, everything else is in the database.
- name: data
  emptyDir: {}
- name: tmp
  emptyDir: {}
- name: secrets
  secret:
    secretName: {{ .Values.existingSecret }}
    defaultMode: 0440
{{- end -}}
