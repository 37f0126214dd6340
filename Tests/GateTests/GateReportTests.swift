import Gate
import Testing

@Suite struct GateReportTests {
    @Test("a new report has nothing to say")
    func empty() { #expect(GateReport().problems.isEmpty && GateReport().gaps.isEmpty) }
}
