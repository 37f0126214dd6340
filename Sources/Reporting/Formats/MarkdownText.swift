// Text from a repository in Markdown: it can be read, and do nothing.

/// Escapes for GitHub's and GitLab's Markdown, in paragraphs, lists and table cells alike.
///
/// A file may be named after a link, an image, a mention of a team or a piece of HTML. What is escaped here shows as the
/// characters that it is made of.
package enum MarkdownText {
    /// A name, a path or a command, in the type of code: nothing in it is a link or a mention.
    package static func code(_ text: String) -> String {
        let clean = Sanitizer().clean(text)
        if clean.isEmpty { return "" }
        // Inside backticks, all but these stand for themselves.
        if clean.utf8.allSatisfy({ $0 != UInt8(ascii: "`") && $0 != UInt8(ascii: "|") && $0 != UInt8(ascii: "\\") }),
            clean.first != " ", clean.last != " "
        {
            return "`" + clean + "`"
        }
        // As numbers, characters can neither end the code nor a table's cell.
        var result = "<code>"
        for scalar in clean.unicodeScalars {
            let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else {
                result += "&#\(scalar.value);"
            }
        }
        return result + "</code>"
    }

    /// Words of ours with names in them.
    package static func prose(_ text: String) -> String {
        let clean = Sanitizer().clean(text)
        var result = ""
        result.reserveCapacity(clean.utf8.count + 16)
        for scalar in clean.unicodeScalars {
            switch scalar {
            case "@", "#":
                // A backslash alone would leave a mention or a reference: those are looked for after all else.
                result += "\\\(scalar)<!-- -->"
            case ":", "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "!", "|", "~", "&", "$", "^", "=", "+", "\"":
                result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        // What would become a link without any mark around it.
        result = result.replacing("www.", with: "www\\.").replacing("WWW.", with: "WWW\\.")
        // Only at the start of a line: a list, a quote, a rule.
        if let first = result.first, "-.0123456789".contains(first) { result = "&#8203;" + result }
        return result
    }
}
