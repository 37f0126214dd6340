// Opens the store that an application's configuration names.

import AWS
import HTTP
public import Logging
import Stores
package import World

extension SecretsManager {
    /// Opens the store. A wrong setting shows here: a region that is named nowhere, a key file that others may read, a
    /// vault of another key. Whether AWS can be reached and grants access shows at the first read.
    ///
    /// - Parameters:
    ///   - configuration: where to read from, and how long to keep it.
    ///   - logger: told of outages, stale values and variables that stand in; never a value.
    ///   - metrics: called for each event, by whoever caused it: it has to be quick.
    /// - Throws: ``SecretsManagerError``; `CancellationError`.
    public convenience init(
        configuration: Configuration, logger: Logger = Logger(label: "SecretsManager"),
        metrics: (@Sendable (SecretsManagerEvent) -> Void)? = nil
    ) async throws {
        try await self.init(configuration: configuration, world: .real(), logger: logger, metrics: metrics)
    }

    package convenience init(
        configuration: Configuration, world: World, logger: Logger,
        metrics: (@Sendable (SecretsManagerEvent) -> Void)? = nil
    ) async throws {
        let store: any SecretStore
        var close: @Sendable () async -> Void = {}
        switch configuration.store {
        case .localVault(let folder, let keyFile):
            let vault = LocalVault(folder: folder, unlockedBy: .keyFile(keyFile), world: world)
            do throws(StoreError) { try vault.unlock() } catch { throw Self.explained(error) }
            store = vault
        case .aws(let region, let profile, let endpoint):
            let context = try await Self.context(region, profile, endpoint, world: world)
            for warning in context.settings.warnings { logger.warning("\(warning.oneLine)") }
            do {
                store = AWSStore(
                    client: SecretsManagerClient(client: try context.client(.secretsManager)),
                    region: try context.requiredRegion(), world: world)
            } catch {
                await Self.shutDown(context)
                throw Self.explained(error)
            }
            close = { await Self.shutDown(context) }
        }
        self.init(
            store: store, caching: configuration.caching, world: world, logger: logger, metrics: metrics, close: close)
    }

    private static func context(
        _ region: String?, _ profile: String?, _ endpoint: String?, world: World
    ) async throws -> AWSContext {
        let origin = "the application's configuration"
        let overrides = AWSOverrides(
            region: region.map { .init($0, origin) }, profile: profile.map { .init($0, origin) },
            endpointURL: endpoint.map { .init($0, origin) })
        var context: AWSContext
        do { context = try AWSContext.make(overrides: overrides, world: world) } catch { throw explained(error) }
        do { try await context.takeRegionFromInstance() } catch {
            await shutDown(context)
            throw explained(error)
        }
        return context
    }

    private static func shutDown(_ context: AWSContext) async {
        await (context.transport as? HTTPTransport)?.shutdown()
    }

    private static func explained(_ error: any Error) -> any Error {
        func configuration(_ parts: String?...) -> SecretsManagerError {
            .configuration(reason: parts.compactMap(\.self).joined(separator: ": "))
        }
        return switch error {
        case let error as AWSConfigurationError:
            configuration(
                [error.reason, error.remedy].compactMap(\.self).joined(separator: "; ") + " (\(error.place))")
        case let error as CredentialError:
            SecretsManagerError.credentials(reason: "\(error.source): \(error.reason)", remedy: error.remedy)
        case let error as AWSError: configuration(error.code.isEmpty ? nil : error.code, error.message)
        case StoreError.file(let path, let reason), StoreError.damaged(let path, let reason):
            configuration(path, reason)
        case StoreError.wrongKey(let path): configuration(path, "it was encrypted under another key")
        case StoreError.invalid(let what, let reason): configuration(what, reason)
        case is CancellationError, is SecretsManagerError: error
        default: configuration("an unexpected \(type(of: error))")
        }
    }
}
