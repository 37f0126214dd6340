// Whether a text from outside gives away a part of a secret.

package import Secrets

extension SharedSecret {
    /// Whether twelve bytes of it in a row, or all of a shorter one, stand in the text: too many to be there by chance.
    /// Secrets below four bytes are not looked for, nor beyond the first 1,600 bytes of the text.
    package func isRepeated(in text: String) -> Bool {
        let text = Array(text.utf8.prefix(1_600))
        return withBytes { bytes in
            let length = min(12, bytes.count)
            guard length >= 4, text.count >= length else { return false }
            // Four bytes as one number find the places worth a look: a secret may be as long as 64 KiB.
            var starts: [UInt32: [Int]] = [:]
            for start in 0...text.count - length {
                let head = text[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
                starts[head, default: []].append(start)
            }
            var head: UInt32 = 0
            for index in 0..<bytes.count - length + 4 {
                head = head << 8 | UInt32(bytes[index])
                let offset = index - 3
                guard offset >= 0, let places = starts[head] else { continue }
                let isRepeated = places.contains { start in
                    (4..<length).allSatisfy { text[start + $0] == bytes[offset + $0] }
                }
                if isRepeated { return true }
            }
            return false
        }
    }
}
