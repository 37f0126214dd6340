// What a secret can be written as, and what comes out.

package import Dotenv
package import Secrets

package enum ExportFormat: String, Sendable, CaseIterable {
    case dotenv, json, shell
    case gitHubActions = "github-actions"
    case dockerEnv = "docker-env"
    /// The `secrets` of a container in an ECS task definition.
    case ecs
    /// By reference a SecretProviderClass of the Secrets Store CSI driver, which makes a Kubernetes Secret in the
    /// cluster; with values a Secret.
    case k8sSecret = "k8s-secret"
    /// An ExternalSecret of the External Secrets operator.
    case externalSecret = "external-secret"
    case terraform

    /// Whether the format only points at values unless `ExportOptions.withValues` asks for them.
    package var isByReference: Bool {
        switch self {
        case .dotenv, .json, .shell, .gitHubActions, .dockerEnv: false
        case .ecs, .k8sSecret, .externalSecret, .terraform: true
        }
    }
}

package struct ExportOptions: Sendable {
    package enum TerraformForm: Sendable {
        /// An ephemeral resource: values get into neither state nor plan. Terraform 1.10 and OpenTofu 1.11, or later.
        case ephemeral
        /// A data source: older versions know it, and it puts the values into the state.
        case dataSource
    }

    package var selection = KeySelection.all
    /// For `dotenv`: who reads the file. Nil: all of them alike.
    package var dialect: Dialect?
    /// For `shell` and `github-actions`: whether names of `ProtectedName` may be set.
    package var allowsProtectedNames = false
    /// For `k8s-secret`: a Secret that holds the values. The other formats by reference have no such form.
    package var withValues = false
    /// For Kubernetes and Terraform: the object's name; nil for one made from the secret's.
    package var resourceName: String?
    /// For Kubernetes.
    package var namespace: String?
    /// For `external-secret`: the SecretStore it goes through.
    package var secretStore = "aws-secrets-manager"
    /// For `external-secret`: whether that is a ClusterSecretStore.
    package var isClusterStore = false
    package var terraformForm = TerraformForm.ephemeral
    /// That many bytes nobody can predict, for the delimiters of `github-actions`.
    package var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    package init(randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.randomBytes = randomBytes }
}

/// The secret that formats by reference point at.
package struct SecretReference: Sendable, Equatable {
    package var name: String
    /// Nil in the local vault, which no platform can point at.
    package var arn: String?

    package init(name: String, arn: String?) {
        self.name = name
        self.arn = arn
    }
}

/// What an export wrote.
package struct Export: Sendable {
    /// Where a part belongs.
    package enum Destination: Sendable, Equatable {
        /// Standard output, or the file that the user names.
        case output
        /// GitHub's commands, which are read from the standard output of a step and nowhere else. They hold the values,
        /// so they are for GitHub's runner only (`GITHUB_ACTIONS` is `true`), and go first.
        case workflowCommands
        /// To the end of the file that `GITHUB_ENV` names.
        case environmentFile
    }

    package struct Part: Sendable {
        package let destination: Destination
        package let content: SharedSecret
    }

    /// A key that has another name on the platform.
    package struct Renaming: Sendable, Equatable {
        package let key: String
        package let name: String
    }

    /// In the order in which they are to be written.
    package let parts: [Part]
    /// Whether any part holds values, and is a secret itself.
    package let holdsValues: Bool
    /// Keys that are in it, in order.
    package let keys: [String]
    package let leftOut: [LeftOutKey]
    package let renamed: [Renaming]
}
