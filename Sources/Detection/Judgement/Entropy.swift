// How unpredictable the bytes of a value are.

/// Shannon entropy.
package enum Entropy {
    /// The entropy of the distribution of byte values in `value`, in bits per byte: 0 for one
    /// repeated byte, at most 8. A value of `n` bytes cannot exceed `log2(n)`.
    package static func bitsPerByte(_ value: Span<UInt8>) -> Double {
        guard !value.isEmpty else { return 0 }
        var counts = InlineArray<256, Int32>(repeating: 0)
        for index in value.indices { counts[Int(value[index])] += 1 }
        let total = Double(value.count)
        var sum = 0.0
        for byte in 0..<256 where counts[byte] > 1 {
            sum += Double(counts[byte]) * logarithm(Double(counts[byte]))
        }
        return logarithm(total) - sum / total
    }

    /// The binary logarithm of `x >= 1`, right to about 1e-12, without a C library.
    private static func logarithm(_ x: Double) -> Double {
        // x = 2^e * m with m in 1..<2; ln m = 2 artanh((m - 1) / (m + 1)).
        let fraction = (x.significand - 1) / (x.significand + 1)
        let square = fraction * fraction
        var term = fraction
        var sum = 0.0
        var odd = 1.0
        while odd < 31 {
            sum += term / odd
            term *= square
            odd += 2
        }
        return Double(x.exponent) + 2 * sum / 0.693_147_180_559_945_3
    }
}
