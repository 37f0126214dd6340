// What a repository is made of, as far as its files tell: for a first settings file.

/// Languages, frameworks, deployments, and the environment variables that the code asks for.
package struct RepositorySurvey: Sendable, Equatable {
    /// A language or a framework.
    package struct Technology: Sendable, Equatable {
        /// As its makers write it: "Next.js".
        package var name: String
        /// The file that tells, from the root on.
        package var path: String

        package init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    /// A file that says how the software is run.
    package struct Deployment: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case compose = "Docker Compose"
            case dockerfile = "Dockerfile"
            case ecs = "ECS task definition"
            case helm = "Helm values"
            case kubernetes = "Kubernetes manifest"
            case serverless = "Serverless Framework"
            case systemd = "systemd unit"
            case terraform = "Terraform"
        }

        package var kind: Kind
        package var path: String

        package init(kind: Kind, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// An environment variable that the code reads.
    package struct Variable: Sendable, Equatable {
        package var name: String
        /// How many times it is read, as far as could be seen.
        package var count: Int
        /// Where first, by path.
        package var path: String
        /// From 1.
        package var line: Int

        package init(name: String, count: Int, path: String, line: Int) {
            self.name = name
            self.count = count
            self.path = path
            self.line = line
        }
    }

    /// Each once, with the first file by path; languages before frameworks.
    package var technologies: [Technology] = []
    /// By path.
    package var deployments: [Deployment] = []
    /// By name.
    package var variables: [Variable] = []
    /// How many files were looked into.
    package var fileCount = 0
    /// How many were not: too large, or more than is looked at.
    package var leftOutCount = 0

    package init() {}
}
