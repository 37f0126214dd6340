// Least-privilege policies for the application that reads secrets and for who moves values into them.

/// An identity policy, written the same way every time.
package struct IAMPolicy: Sendable, Equatable {
    package struct Statement: Sendable, Equatable {
        /// Letters and digits.
        package var id: String
        package var actions: [String]
        package var resources: [String]
        /// Operator, key, values.
        package var conditions: [Condition] = []
    }

    package struct Condition: Sendable, Equatable {
        package var `operator`: String
        package var key: String
        package var values: [String]
    }

    package var statements: [Statement]

    /// Why no policy can be written: it would have to be wider than it should.
    package enum Refusal: Error, Sendable, Equatable {
        /// Not twelve digits.
        case account(String)
        case region(String)
        /// A secret's name that could stand for others too, or none.
        case name(String)
        case noNames
        case kmsKey(String)
    }

    /// Which secrets, and where.
    package struct Scope: Sendable {
        let partition: AWSPartition
        let region: String
        let account: String
        let names: [String]
        let kmsKeys: [String]

        /// - Parameters:
        ///   - account: twelve digits.
        ///   - names: of secrets, without the six characters that AWS adds in the ARN.
        ///   - kmsKeys: ids, ARNs or aliases of customer-managed keys that encrypt these secrets. The service's own key
        ///     (`alias/aws/secretsmanager`) needs no permission and is left out.
        /// - Throws: `Refusal`.
        package init(region: String, account: String, names: [String], kmsKeys: [String] = []) throws(Refusal) {
            guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .account(account)
            }
            guard region.contains("-"), region.utf8.allSatisfy({ Self.isNameByte($0, others: "-") }) else {
                throw .region(region)
            }
            guard !names.isEmpty else { throw .noNames }
            for name in names {
                // `*` and `?` would stand for other secrets too.
                guard !name.isEmpty, name.utf8.allSatisfy({ Self.isNameByte($0, others: "/_+=.@-") }) else {
                    throw .name(name)
                }
            }
            self.region = region
            self.account = account
            partition = AWSPartition.of(region: region)
            self.names = Set(names).sorted()
            self.kmsKeys = Set(kmsKeys).filter { !$0.hasSuffix("alias/aws/secretsmanager") }.sorted()
            for key in self.kmsKeys {
                guard !key.isEmpty, key.utf8.allSatisfy({ Self.isNameByte($0, others: ":/_-") }) else {
                    throw .kmsKey(key)
                }
            }
        }

        // With exactly six characters behind the name: `-*` would stand for the names that go on with a dash.
        var secretARNs: [String] {
            names.map { "arn:\(partition.id):secretsmanager:\(region):\(account):secret:\($0)-??????" }
        }

        private static func isNameByte(_ byte: UInt8, others: StaticString) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: others.withUTF8Buffer { $0.contains(byte) }
            }
        }
    }

    /// What reading the secrets takes, and no more.
    package static func app(_ scope: Scope) -> IAMPolicy {
        let read = Statement(
            id: "ReadSecrets", actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resources: scope.secretARNs)
        return IAMPolicy(statements: [read] + keyStatements(scope, actions: ["kms:Decrypt"]))
    }

    /// What the commands take that read outside Secrets Manager.
    package enum Reading: Sendable, CaseIterable {
        /// `audit`: CloudTrail LookupEvents, which cannot be limited to a secret.
        case accessHistory
        /// `doctor`: IAM SimulatePrincipalPolicy.
        case simulation
    }

    /// What all commands on these secrets take. (STS GetCallerIdentity needs no permission.)
    /// - Parameter principal: whose policies `simulation` may look into; nil for any.
    package static func migrator(
        _ scope: Scope, reading: Set<Reading> = Set(Reading.allCases), principal: String? = nil
    ) -> IAMPolicy {
        let operations = [
            "CreateSecret", "DeleteSecret", "DescribeSecret", "GetSecretValue", "ListSecretVersionIds",
            "PutSecretValue", "RestoreSecret", "TagResource", "UntagResource",
            "UpdateSecretVersionStage",
        ]
        var statements = [
            Statement(
                id: "ManageSecrets", actions: operations.map { "secretsmanager:\($0)" }, resources: scope.secretARNs),
            // Neither can be limited to a secret; a batch gives only what GetSecretValue above allows.
            Statement(
                id: "ListSecrets", actions: ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"],
                resources: ["*"]),
        ]
        statements += keyStatements(scope, actions: ["kms:Decrypt", "kms:GenerateDataKey"])
        if reading.contains(.accessHistory) {
            statements.append(
                Statement(id: "ReadAccessHistory", actions: ["cloudtrail:LookupEvents"], resources: ["*"]))
        }
        if reading.contains(.simulation) {
            statements.append(
                Statement(
                    id: "CheckPermissions", actions: ["iam:SimulatePrincipalPolicy"], resources: [principal ?? "*"]))
        }
        return IAMPolicy(statements: statements)
    }

    // Keys may be used through Secrets Manager in the region alone.
    private static func keyStatements(_ scope: Scope, actions: [String]) -> [Statement] {
        let host = "secretsmanager.\(scope.region).\(scope.partition.suffix)"
        let service = Condition(operator: "StringEquals", key: "kms:ViaService", values: [host])
        let prefix = "arn:\(scope.partition.id):kms:\(scope.region):\(scope.account):"
        var (keys, aliases): ([String], [String]) = ([], [])
        for key in scope.kmsKeys {
            let resource = ARN(key)?.resource ?? key
            if resource.hasPrefix("alias/") {
                aliases.append(resource)
            } else {
                keys.append(key.hasPrefix("arn:") ? key : prefix + "key/" + key)
            }
        }
        var statements: [Statement] = []
        if !keys.isEmpty {
            statements.append(Statement(id: "UseKeys", actions: actions, resources: keys, conditions: [service]))
        }
        if !aliases.isEmpty {
            // An alias is no resource of these actions; it can only be asked for in a condition.
            let names = Condition(operator: "ForAnyValue:StringEquals", key: "kms:ResourceAliases", values: aliases)
            statements.append(
                Statement(
                    id: "UseKeysByAlias", actions: actions, resources: [prefix + "key/*"], conditions: [names, service])
            )
        }
        return statements
    }
}
