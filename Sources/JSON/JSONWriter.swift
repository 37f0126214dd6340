// JSON text into wiped memory.

package import Secrets

/// Writes one JSON text, compact. Commas and colons come by themselves; whoever calls keeps names and values in turn.
package struct JSONWriter: ~Copyable {
    private var buffer: SecretBuffer
    private var needsComma = false

    package init(capacity: Int = 256) { buffer = SecretBuffer(capacity: capacity) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the member that comes next.
    package mutating func key(_ name: String) {
        separate()
        quote(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// A secret as a string. Its bytes must be UTF-8: see `isText`.
    package mutating func string(_ value: borrowing SecretValue) {
        separate()
        value.withBytes { bytes in
            buffer.append(UInt8(ascii: "\""))
            for index in bytes.indices { escape(bytes[index]) }
            buffer.append(UInt8(ascii: "\""))
        }
        needsComma = true
    }

    package mutating func string(_ value: SharedSecret) { value.withValue { string($0) } }

    package mutating func number(_ number: Int) { literal("\(number)") }
    package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }
    package mutating func null() { literal("null") }

    /// JSON that is written already.
    package mutating func literal(_ bytes: Span<UInt8>) {
        separate()
        buffer.append(bytes)
        needsComma = true
    }

    package mutating func literal(_ value: SharedSecret) {
        separate()
        value.withValue { buffer.append($0) }
        needsComma = true
    }

    /// A member with a string, left out when there is none.
    package mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    package consuming func finish() -> SecretValue { buffer.finish() }

    /// Whether the bytes can stand in a JSON string and come back the same: UTF-8.
    package static func isText(_ bytes: Span<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { JSONText.firstInvalidByte($0) == nil }
    }

    private mutating func literal(_ text: String) {
        separate()
        buffer.append(text)
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func quote(_ text: String) {
        buffer.append(UInt8(ascii: "\""))
        for byte in text.utf8 { escape(byte) }
        buffer.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(byte)
        case 0x0A: buffer.append("\\n")
        case 0x0D: buffer.append("\\r")
        case 0x09: buffer.append("\\t")
        case 0..<0x20, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            buffer.append("\\u00")
            buffer.append(digits[Int(byte >> 4)])
            buffer.append(digits[Int(byte & 15)])
        default: buffer.append(byte)
        }
    }
}
