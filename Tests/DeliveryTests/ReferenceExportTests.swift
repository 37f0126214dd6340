// Exports that point at a secret: no value in them, and valid on the platform.

import Foundation
import JSON
import Secrets
import Testing

@testable import Delivery

@Suite("Exports by reference")
struct ReferenceExportTests {
    static let formats = ExportFormat.allCases.filter(\.isByReference)

    @Test("There is no value in them", arguments: formats)
    func noValue(_ format: ExportFormat) throws {
        let values = [DeliveredValue("A", "needle-in-text"), DeliveredValue("B", "needle\nof lines")]
        let export = try Exporter.run(format, values)
        #expect(!export.text.contains("needle"))
        #expect(!export.text.contains(Data("needle-in-text".utf8).base64EncodedString()))
        #expect(!export.holdsValues)
        #expect(export.keys == ["A", "B"])
    }

    @Test("A secret without an ARN, as in the local vault, cannot be pointed at", arguments: formats)
    func needsARN(_ format: ExportFormat) {
        #expect(throws: DeliveryError.needsARN(format)) {
            try Exporter.run(format, [DeliveredValue("A", "1")], of: SecretReference(name: "app", arn: nil))
        }
    }

    @Test("ECS gets names and references to keys, at the version that is current when a task starts")
    func ecs() throws {
        let export = try Exporter.run(.ecs, [DeliveredValue("A", "1"), DeliveredValue("B", "true", .boolean)])
        let arn = try #require(Exporter.secret.arn)
        let secrets = try JSONDocument(parsing: export.parts[0].content.bytes).root["secrets"]?.elements ?? []
        #expect(secrets.map { $0["name"]?.string } == ["A", "B"])
        #expect(secrets.map { $0["valueFrom"]?.string } == ["\(arn):A::", "\(arn):B::"])
    }

    @Test(
        "ECS would spell these in its own way, so they are refused",
        arguments: [
            ("1000000", JSONValue.Kind.number), ("1.5", .number), ("-1", .number), ("1e3", .number),
            (#"{"a":1}"#, .object), ("[]", .array),
        ])
    func ecsSpelling(_ text: String, _ kind: JSONValue.Kind) {
        #expect(throws: DeliveryError.refused([RefusedKey(key: "A", reason: .notAString)])) {
            try Exporter.run(.ecs, [DeliveredValue("A", text, kind)])
        }
    }

    @Test("The driver's provider takes strings alone")
    func providerStrings() {
        #expect(throws: DeliveryError.refused([RefusedKey(key: "PORT", reason: .notAString)])) {
            try Exporter.run(.k8sSecret, [DeliveredValue("A", "1"), DeliveredValue("PORT", "5432", .number)])
        }
    }

    @Test("Every manifest is YAML that says what was meant", .enabled(if: Program.python(has: "yaml")))
    func yaml() throws {
        let values = [DeliveredValue("A_B", "1"), DeliveredValue("c-d.e", "2")]
        let arn = try #require(Exporter.secret.arn)

        let provider = try parsed(try Exporter.run(.k8sSecret, values) { $0.namespace = "web" })
        #expect(provider["kind"]?.string == "SecretProviderClass")
        #expect(provider["metadata"]?["name"]?.string == "prod-app")
        #expect(provider["metadata"]?["namespace"]?.string == "web")
        let parameters = provider["spec"]?["parameters"]
        #expect(parameters?["region"]?.string == "eu-west-1")
        let objects = try parsed(try #require(parameters?["objects"]?.string)).elements
        #expect(objects.map { $0["objectName"]?.string } == [arn])
        let paths = objects[0]["jmesPath"]?.elements ?? []
        #expect(paths.map { $0["path"]?.string } == ["A_B", "\"c-d.e\""])
        #expect(paths.map { $0["objectAlias"]?.string } == ["A_B", "c-d.e"])
        let made = provider["spec"]?["secretObjects"]?.elements[0]
        #expect(made?["secretName"]?.string == "prod-app")
        #expect(made?["data"]?.elements.map { $0["objectName"]?.string } == ["A_B", "c-d.e"])
        #expect(made?["data"]?.elements.map { $0["key"]?.string } == ["A_B", "c-d.e"])

        let external = try parsed(
            try Exporter.run(.externalSecret, values) {
                $0.isClusterStore = true
                $0.secretStore = "aws"
                $0.resourceName = "other"
            })
        #expect(external["kind"]?.string == "ExternalSecret")
        #expect(external["spec"]?["target"]?["name"]?.string == "other")
        #expect(external["spec"]?["secretStoreRef"]?["kind"]?.string == "ClusterSecretStore")
        #expect(external["spec"]?["secretStoreRef"]?["name"]?.string == "aws")
        let data = external["spec"]?["data"]?.elements ?? []
        #expect(data.map { $0["secretKey"]?.string } == ["A_B", "c-d.e"])
        #expect(data.map { $0["remoteRef"]?["key"]?.string } == [arn, arn])
        #expect(data.map { $0["remoteRef"]?["property"]?.string } == ["A_B", "c-d.e"])
    }

    @Test(
        "Any key is one string in YAML and HCL, whatever it holds",
        arguments: [
            "a\"b", "a\\b", "a: b", "- a", "#a", "a\nb: c", "yes", "${file(\"/etc/passwd\")}", "%{ if true }", "$${a}",
            "a\u{1}\u{7F}\u{85}\u{2028}\u{FEFF}", "漢🔑", "'", "}", "*?|@",
        ])
    func keys(_ key: String) throws {
        // JSON's quoting is what YAML gets.
        let quoted = QuotedText.json(key)
        #expect(try JSONDocument(parsing: Array(quoted.utf8)).root.string == key)
        #expect(!quoted.utf8.contains { $0 < 0x20 })
        if Program.python(has: "yaml") {
            #expect(try parsed("key: \(quoted)\n")["key"]?.string == key)
        }
        let hcl = QuotedText.hcl(key)
        if let terraform = Program("terraform") {
            let folder = try TemporaryFolder()
            let main = "locals {\n  key = \(hcl)\n}\n"
            _ = try folder.write("main.tf", SharedSecret(copying: Array(main.utf8)))
            let (status, output) = try terraform.run(
                ["console", "-no-color"], input: Array("base64encode(local.key)\n".utf8), folder: folder.url)
            #expect(status == 0)
            // The console shows a string in quotes.
            let shown = try JSONDocument(parsing: output).root.string
            #expect(shown == Data(key.utf8).base64EncodedString())
        }
        // Nothing begins a template that was not escaped.
        #expect(hcl.replacing("$${", with: "").replacing("%%{", with: "").contains("${") == false)
    }

    @Test("Terraform is formatted as `terraform fmt` has it", arguments: [false, true])
    func terraform(_ usesDataSource: Bool) throws {
        let values = [
            DeliveredValue("A", "1"), DeliveredValue("LONGER", "2", .number), DeliveredValue("N", "null", .null),
        ]
        let export = try Exporter.run(.terraform, values) { if usesDataSource { $0.terraformForm = .dataSource } }
        #expect(export.text.contains(usesDataSource ? "data \"aws_" : "ephemeral \"aws_"))
        #expect(export.text.contains("    \"A\"      = local.prod_App_document[\"A\"]\n"))
        #expect(export.keys == ["A", "LONGER", "N"])
        guard let program = Program("terraform") else { return }
        let (status, output) = try program.run(["fmt", "-"], input: Array(export.text.utf8))
        #expect(status == 0)
        #expect(String(decoding: output, as: UTF8.self) == export.text)
    }

    @Test("A Kubernetes Secret with values needs to be asked for, and holds them in base64")
    func withValues() throws {
        var random = Seeded(5)
        let values = (0..<30).map { DeliveredValue("K\($0)", bytes: random.text()) } + [DeliveredValue("E", "")]
        let export = try Exporter.run(.k8sSecret, values) { $0.withValues = true }
        #expect(export.holdsValues)
        guard Program.python(has: "yaml") else { return }
        let secret = try parsed(export)
        #expect(secret["kind"]?.string == "Secret")
        for value in values {
            #expect(secret["data"]?[value.key]?.string == Data(value.bytes).base64EncodedString())
        }
    }

    @Test("Keys that Kubernetes does not take are renamed and reported; two that become one are refused")
    func renaming() throws {
        let export = try Exporter.run(.k8sSecret, [DeliveredValue("a b", "1"), DeliveredValue("c", "2")])
        #expect(export.renamed == [Export.Renaming(key: "a b", name: "a_b")])
        for withValues in [false, true] {
            let reason = RefusedKey.Reason.collides(with: "a b", as: "a_b")
            #expect(throws: DeliveryError.refused([RefusedKey(key: "a/b", reason: reason)])) {
                try Exporter.run(.k8sSecret, [DeliveredValue("a b", "1"), DeliveredValue("a/b", "2")]) {
                    $0.withValues = withValues
                }
            }
        }
    }

    @Test(
        "A property that is a path to the operator is refused", arguments: ["a b", "a|b", "a#", "*", "a\\b", "..", "é"])
    func unaddressable(_ key: String) {
        #expect(throws: DeliveryError.refused([RefusedKey(key: key, reason: .unaddressable)])) {
            try Exporter.run(.externalSecret, [DeliveredValue("OK", "1"), DeliveredValue(key, "2")])
        }
    }

    @Test(
        "A name for an object that the platform does not take is refused",
        arguments: [
            (ExportFormat.k8sSecret, "A"), (.k8sSecret, "-a"), (.externalSecret, "a_b"), (.externalSecret, "a."),
            (.externalSecret, "a..b"), (.k8sSecret, "a\nb: c"), (.k8sSecret, ""), (.terraform, "1a"),
            (.terraform, "a\"b"), (.terraform, ""),
        ])
    func resourceName(_ format: ExportFormat, _ name: String) {
        #expect(throws: DeliveryError.invalidResourceName(name)) {
            try Exporter.run(format, [DeliveredValue("A", "1")]) { $0.resourceName = name }
        }
    }

    @Test("A namespace is a single label")
    func namespace() {
        #expect(throws: DeliveryError.invalidResourceName("a.b")) {
            try Exporter.run(.k8sSecret, [DeliveredValue("A", "1")]) { $0.namespace = "a.b" }
        }
    }

    @Test(
        "Names of secrets become names of objects",
        arguments: [
            ("prod/App", "prod-app", "prod_App"), ("1st", "1st", "_1st"), ("a__b//c", "a-b-c", "a__b_c"),
            ("/x/", "x", "_x_"), ("é", nil, nil), ("///", nil, nil),
        ] as [(String, String?, String?)])
    func objectNames(_ secret: String, _ kubernetes: String?, _ terraform: String?) {
        #expect(PlatformName.kubernetesObject(from: secret) == kubernetes)
        #expect(PlatformName.terraformLabel(from: secret) == terraform)
    }

    private func parsed(_ export: Export) throws -> JSONValue { try parsed(export.text) }

    /// YAML as JSON, by Python.
    private func parsed(_ yaml: String) throws -> JSONValue {
        let python = try #require(Program("python3"))
        let script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer.read().decode()), sys.stdout)"
        let (status, output) = try python.run(["-c", script], input: Array(yaml.utf8))
        #expect(status == 0)
        return try JSONDocument(parsing: output).root
    }
}

@Suite("Base64")
struct Base64Tests {
    @Test("It is Foundation's, both ways", arguments: 0..<40)
    func same(_ count: Int) throws {
        var random = Seeded(UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        var buffer = SecretBuffer()
        SharedSecret(copying: bytes).withBytes { Base64.append($0, to: &buffer) }
        let text = SharedSecret(buffer.finish())
        #expect(text.string == Data(bytes).base64EncodedString())
        #expect(text.withBytes { Base64.decoded($0) }?.bytes == bytes)
    }

    @Test(
        "Text that is not base64 is refused",
        arguments: ["A", "AB", "ABC", "A===", "====", "AB=C", "AB=CABCD", "A!CD", "AB==ABCD"])
    func refused(_ text: String) {
        #expect(SharedSecret(copying: Array(text.utf8)).withBytes { Base64.decoded($0) } == nil)
    }
}
