// What steps leave behind for the hook: digests of the values that they have stored.

import Gate
import Secrets
import Stores

extension Workbench {
    /// Notes the values of a secret's whole content.
    func remember(_ content: SharedSecret, name: String) {
        guard let content = try? SecretContent(parsing: content, name: name) else { return }
        KnownValues.remember(
            content.keys.compactMap { key in content.value(of: key).map { RememberedValue(name: key, value: $0.text()) }
            },
            root: root)
    }

    /// Notes one value.
    func remember(_ value: SharedSecret, key: String) {
        KnownValues.remember([RememberedValue(name: key, value: value)], root: root)
    }
}
