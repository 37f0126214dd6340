// The files of pipelines, one for each platform.

import Gate

struct CITemplate {
    /// From the root of the repository on.
    let path: String
    let text: String
    /// What to do with it.
    let next: String

    /// - Parameter install: how migrate gets onto the runner; nil where it is there.
    init(_ platform: Platform, install: String?) {
        path =
            switch platform {
            case .gitHub: ".github/workflows/migrate.yml"
            case .gitLab: ".gitlab-ci.yml"
            case .jenkins: "Jenkinsfile"
            case .buildkite: ".buildkite/pipeline.yml"
            case .circleCI: ".circleci/config.yml"
            case .azure: "azure-pipelines.yml"
            case .bitbucket: "bitbucket-pipelines.yml"
            }
        let command =
            install ?? "command -v migrate || { echo 'migrate is not on this runner: see docs/ci.md'; exit 3; }"
        // In YAML, a text in single quotes holds anything but one, which is doubled.
        let yaml = "'" + command.replacing("'", with: "''") + "'"
        text =
            switch platform {
            case .gitHub: Self.gitHub(yaml)
            case .gitLab: Self.gitLab(yaml)
            case .jenkins: Self.jenkins(command)
            case .buildkite: Self.buildkite(yaml)
            case .circleCI: Self.circleCI(yaml)
            case .azure: Self.azure(yaml)
            case .bitbucket: Self.bitbucket(yaml)
            }
        next =
            install == nil
            ? "It expects migrate on the runner (--install says how it gets there). Commit it."
            : "Commit it."
    }

    private static func gitHub(_ install: String) -> String {
        """
        name: migrate
        on:
          push:
          pull_request:
          merge_group:
          schedule:
            - cron: '17 4 * * 1'
        permissions:
          contents: read
        jobs:
          migrate:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with:
                  # The whole history: what a push brings in cannot be seen otherwise.
                  fetch-depth: 0
                  persist-credentials: false
              - uses: actions/cache@v4
                with:
                  path: ~/.cache/migrate
                  key: migrate-${{ runner.os }}-${{ github.run_id }}
                  restore-keys: migrate-${{ runner.os }}-
              - name: Install migrate
                run: \(install)
              - name: Look for secrets
                run: migrate ci

        """
    }

    private static func gitLab(_ install: String) -> String {
        """
        migrate:
          stage: test
          rules:
            - if: $CI_PIPELINE_SOURCE == "merge_request_event"
            - if: $CI_COMMIT_TAG
            - if: $CI_COMMIT_BRANCH
          variables:
            # The whole history: what a push brings in cannot be seen otherwise.
            GIT_DEPTH: "0"
            XDG_CACHE_HOME: "$CI_PROJECT_DIR/.cache"
          cache:
            key: migrate
            paths:
              - .cache/migrate/
          script:
            - \(install)
            - migrate ci --report gitlab=gl-secret-detection-report.json
          artifacts:
            when: always
            reports:
              secret_detection: gl-secret-detection-report.json

        """
    }

    private static func jenkins(_ install: String) -> String {
        // In Groovy, a text in three single quotes takes a backslash and a quote for its own.
        let command = install.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return """
            pipeline {
              agent any
              options { skipDefaultCheckout() }
              stages {
                stage('migrate') {
                  steps {
                    // The whole history: what a push brings in cannot be seen otherwise.
                    checkout scmGit(
                      branches: scm.branches,
                      userRemoteConfigs: scm.userRemoteConfigs,
                      extensions: scm.extensions + [cloneOption(shallow: false, noTags: false)]
                    )
                    sh '''\(command)'''
                    sh 'migrate ci --report junit=migrate-junit.xml'
                  }
                  post {
                    always { junit testResults: 'migrate-junit.xml', allowEmptyResults: true }
                  }
                }
              }
            }

            """
    }

    private static func buildkite(_ install: String) -> String {
        """
        steps:
          - label: migrate
            key: migrate
            env:
              # The whole history: what a push brings in cannot be seen otherwise.
              BUILDKITE_GIT_CLONE_FLAGS: "-v"
              BUILDKITE_GIT_FETCH_FLAGS: "-v --prune"
            commands:
              - \(install)
              - 'migrate ci'

        """
    }

    private static func circleCI(_ install: String) -> String {
        """
        version: 2.1
        jobs:
          migrate:
            machine:
              image: default
            steps:
              # The whole history: what a push brings in cannot be seen otherwise.
              - checkout:
                  method: full
              - restore_cache:
                  keys:
                    - migrate-v1-
              - run: \(install)
              - run:
                  name: Look for secrets
                  command: migrate ci --base "<< pipeline.git.base_revision >>" --report junit=results/migrate/junit.xml
              - save_cache:
                  key: migrate-v1-{{ .Revision }}
                  paths:
                    - ~/.cache/migrate
              - store_test_results:
                  path: results
        workflows:
          migrate:
            jobs:
              - migrate

        """
    }

    private static func azure(_ install: String) -> String {
        """
        trigger:
          branches:
            include: ['*']
          tags:
            include: ['*']
        pr:
          branches:
            include: ['*']
        pool:
          vmImage: ubuntu-latest
        variables:
          XDG_CACHE_HOME: $(Pipeline.Workspace)/.cache
        steps:
          # The whole history: what a push brings in cannot be seen otherwise.
          - checkout: self
            fetchDepth: 0
          - task: Cache@2
            inputs:
              key: 'migrate | "$(Agent.OS)" | "$(Build.BuildId)"'
              restoreKeys: 'migrate | "$(Agent.OS)"'
              path: $(Pipeline.Workspace)/.cache/migrate
          - script: \(install)
            displayName: Install migrate
          - script: migrate ci --report junit=$(Agent.TempDirectory)/migrate.xml
            displayName: Look for secrets
          - task: PublishTestResults@2
            condition: succeededOrFailed()
            inputs:
              testResultsFiles: $(Agent.TempDirectory)/migrate.xml
              testRunTitle: migrate

        """
    }

    private static func bitbucket(_ install: String) -> String {
        """
        clone:
          # The whole history: what a push brings in cannot be seen otherwise.
          depth: full
        definitions:
          caches:
            migrate: ~/.cache/migrate
          steps:
            - step: &migrate
                name: Look for secrets
                caches:
                  - migrate
                script:
                  - \(install)
                  - migrate ci --report junit=test-results/migrate.xml
        pipelines:
          default:
            - step: *migrate
          pull-requests:
            '**':
              - step: *migrate
          tags:
            '**':
              - step: *migrate

        """
    }
}
