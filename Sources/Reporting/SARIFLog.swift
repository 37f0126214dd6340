// The part of SARIF 2.1.0's object model that we write, by the names of the standard.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

struct SARIFLog: Encodable {
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    let version = "2.1.0"
    let runs: [Run]

    enum CodingKeys: String, CodingKey {
        case version, runs
        case schema = "$schema"
    }

    struct Message: Encodable {
        let text: String
    }

    struct Run: Encodable {
        let tool: Tool
        let invocations: [Invocation]
        let versionControlProvenance: [VersionControlDetails]?
        let originalUriBaseIds: [String: ArtifactLocation]
        let columnKind = "utf16CodeUnits"
        let results: [Result]
    }

    struct Tool: Encodable {
        let driver: Driver

        struct Driver: Encodable {
            let name: String
            let semanticVersion: String
            let rules: [ReportingDescriptor]
        }
    }

    struct ReportingDescriptor: Encodable {
        let id: String
        let name: String
        let shortDescription: Message
        let fullDescription: Message
        let help: Message
        let helpUri: String?
        let defaultConfiguration: Configuration
        let properties: Properties

        struct Configuration: Encodable {
            let level: String
        }

        /// What GitHub reads: it sorts alerts by the number.
        struct Properties: Encodable {
            let tags: [String]
            let securitySeverity: String

            enum CodingKeys: String, CodingKey {
                case tags
                case securitySeverity = "security-severity"
            }
        }
    }

    struct Invocation: Encodable {
        let executionSuccessful: Bool
        let toolExecutionNotifications: [Notification]
    }

    struct Notification: Encodable {
        let level: String
        let message: Message
        let descriptor: Descriptor

        struct Descriptor: Encodable {
            let id: String
        }
    }

    struct VersionControlDetails: Encodable {
        let repositoryUri: String
        let revisionId: String?
        let branch: String?
    }

    struct ArtifactLocation: Encodable {
        let uri: String?
        let uriBaseId: String?
        let description: Message?
    }

    struct Region: Encodable {
        let startLine: Int
        let startColumn: Int
    }

    struct PhysicalLocation: Encodable {
        let artifactLocation: ArtifactLocation
        let region: Region?
    }

    struct Location: Encodable {
        let id: Int?
        let physicalLocation: PhysicalLocation
        let message: Message?
        let properties: Properties?

        struct Properties: Encodable {
            let object: String?
            let reach: [String]
        }
    }

    struct Result: Encodable {
        let ruleId: String
        let ruleIndex: Int
        let level: String
        let message: Message
        let locations: [Location]
        let relatedLocations: [Location]?
        let partialFingerprints: [String: String]
        /// Present in all results or in none, as the standard has it; empty for what counts.
        let suppressions: [Suppression]?
        let properties: Properties

        struct Suppression: Encodable {
            let kind: String
            let status: String
            let justification: String
        }

        struct Properties: Encodable {
            let situation: String
            let verdict: String?
            let name: String?
            let occurrenceCount: Int
            let introducedIn: String?
            let introducedAt: String?
            let removedIn: String?
            let references: [String]?
        }
    }
}
