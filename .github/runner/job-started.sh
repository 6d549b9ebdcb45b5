#!/usr/bin/env bash
# Refuses jobs that have no business on a runner in the homelab's network. A workflow file cannot do that: a fork's pull
# request brings its own. It is copied to the runner's host by hand (docs/runbooks/runner.md), and the runner starts it
# before each job, as ACTIONS_RUNNER_HOOK_JOB_STARTED says. Needs jq, and in the runner's environment
#
#   HOMELAB_REPOSITORY   owner/name of the only repository that is served
#   HOMELAB_ROLE         read: plans, for pull requests too;  deploy: applies and holds keys, for main alone
set -euo pipefail

refuse() {
  echo "::error::The homelab's runner refuses this job: $1"
  exit 1
}

[ "${GITHUB_REPOSITORY:-}" = "${HOMELAB_REPOSITORY:?must be set}" ] || refuse "it is of ${GITHUB_REPOSITORY:-no repository}"

case "${HOMELAB_ROLE:?must be set}/${GITHUB_EVENT_NAME:-}" in
  deploy/push | deploy/schedule | deploy/workflow_dispatch | read/schedule | read/workflow_dispatch)
    [ "${GITHUB_REF:-}" = refs/heads/main ] || refuse "it is of ${GITHUB_REF:-no branch}, not of main"
    ;;
  read/pull_request)
    head=$(jq --raw-output '.pull_request.head.repo.full_name // ""' "${GITHUB_EVENT_PATH:?must be set}")
    [ "$head" = "$HOMELAB_REPOSITORY" ] || refuse "its pull request comes from ${head:-a repository that is gone}"
    ;;
  *) refuse "the runner that may $HOMELAB_ROLE serves no ${GITHUB_EVENT_NAME:-job without an event}" ;;
esac
