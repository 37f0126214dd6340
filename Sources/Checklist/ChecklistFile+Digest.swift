// What tells one checklist from another.

import Crypto
import Settings

extension ChecklistFile {
    /// `sha256:` and the digest of what the checklist asks for: its id, and of each step the id, the kind, the
    /// parameters and the needs in both orders. Titles, explanations, comments, layout, and the order of steps and
    /// names do not count: better words must not part a team from its state file.
    ///
    /// It is taken of the file alone. Parameters from the settings do not change it.
    package static func digest(of checklist: Checklist) -> String {
        var form = CanonicalForm()
        form.add("migrate checklist 1")
        form.add(checklist.id)
        form.addList(checklist.steps.sorted { $0.id < $1.id }) { step, form in
            form.add(step.id)
            form.add(step.kind)
            form.addList(step.parameters.values.sorted { $0.key < $1.key }) { parameter, form in
                form.add(parameter.key)
                form.add(parameter.value)
            }
            form.addList(step.needs.sorted()) { $1.add($0) }
            form.addList(step.needs(in: .emergency).sorted()) { $1.add($0) }
        }
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = SHA256.hash(data: form.bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "sha256:" + String(decoding: hexadecimal, as: UTF8.self)
    }
}

/// Texts one after the other, each with its length, so that no two different checklists look alike.
private struct CanonicalForm {
    var bytes: [UInt8] = []

    mutating func add(_ text: String) {
        bytes += Array("\(text.utf8.count):".utf8) + Array(text.utf8)
    }

    mutating func addList<Element>(_ list: [Element], _ add: (Element, inout CanonicalForm) -> Void) {
        bytes += Array("[\(list.count)]".utf8)
        for element in list { add(element, &self) }
    }

    mutating func add(_ value: SettingValue) {
        switch value {
        case .text(let text):
            add("text")
            add(text)
        case .number(let number):
            add("number")
            add(String(number))
        case .flag(let flag):
            add("flag")
            add(String(flag))
        case .list(let list):
            add("list")
            addList(list) { $1.add($0) }
        case .map(let pairs):
            add("map")
            addList(pairs.sorted { $0.key < $1.key }) { pair, form in
                form.add(pair.key)
                form.add(pair.value)
            }
        }
    }
}
