// What every secret store must do, whichever it is: one rule a test, to be run on each.

import Foundation
import Secrets
import Stores
import Testing
import World

/// One promise of `SecretStore`.
///
/// A suite runs them all: `@Test("…", arguments: StoreConformance.rules) func keeps(rule: StoreConformance) async throws
/// { try await rule.check(store) }`. Rules use names of their own, so they may share one store and run at once.
struct StoreConformance: Sendable, CustomTestStringConvertible {
    /// What a stand-in of AWS must imitate for the rule to hold on it.
    enum Need: Sendable {
        /// The calls and their plain answers.
        case basics
        /// A label that was moved is where every later call finds it.
        case stageMoves
        /// What is scheduled for deletion can be neither read, written nor made anew.
        case deletion
        /// Sizes and names are limited.
        case limits
        /// Lists come in the order of names.
        case order
    }

    let sentence: String
    let need: Need
    let body: @Sendable (Case) async throws -> Void

    init(_ sentence: String, needs need: Need = .basics, _ body: @escaping @Sendable (Case) async throws -> Void) {
        self.sentence = sentence
        self.need = need
        self.body = body
    }

    var testDescription: String { sentence }

    func check(_ store: any SecretStore) async throws { try await body(Case(store: store)) }

    /// A store, and names in it that nobody else uses.
    struct Case: Sendable {
        let store: any SecretStore
        let prefix = "conformance/" + UUID().uuidString.lowercased() + "/"

        func name(_ end: String = "app") -> String { prefix + end }

        /// Makes a secret; its first version's id.
        func make(_ name: String, _ text: String = #"{"A":"1"}"#) async throws -> String {
            try await store.create(name, content(text), token: Self.token(), options: CreationOptions()).versionID
        }

        func put(_ name: String, _ text: String, stages: [String] = []) async throws -> String {
            try await store.put(name, content(text), stages: stages, token: Self.token()).versionID
        }

        func content(_ text: String) -> SharedSecret { SharedSecret(copying: text.utf8) }

        func text(_ name: String, _ selector: VersionSelector = .current) async throws -> String {
            StoreConformance.text(of: try await store.read(name, selector).content)
        }

        func holder(of stage: String, _ name: String) async throws -> String? {
            try await store.describe(name).version(with: stage)
        }

        static func token() -> String { UUID().uuidString.lowercased() }
    }

    static let rules: [StoreConformance] = creating + putting + moving + reading + deleting + listing + limits

    /// The rules that a store keeps which imitates only so much.
    static func rules(needing needs: Set<Need>) -> [StoreConformance] { rules.filter { needs.contains($0.need) } }

    /// For tests alone.
    static func text(of secret: SharedSecret) -> String {
        secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    /// Which error of a store it is: its name, which is what a rule compares; "none" when there is none.
    static func errorName(_ body: () async throws -> Void) async -> String {
        do { try await body() } catch let error as StoreError {
            return String("\(error)".prefix { $0 != "(" })
        } catch { return "\(type(of: error))" }
        return "none"
    }
}
