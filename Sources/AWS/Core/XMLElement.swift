// The little XML that query answers are written in.

package import Secrets

/// Why a text is no XML, or none that is read here. Holds nothing of the text.
package struct XMLError: Error, Sendable, Equatable {
    /// What is wrong, in words.
    package let reason: String
    /// Bytes before the place.
    package let offset: Int
}

/// One element with all that lies in it. Attributes and namespaces are skipped: query answers say nothing in them.
package struct XMLElement: Sendable {
    /// Without namespace prefix.
    package let name: String
    /// The elements within, in their order.
    package let children: [XMLElement]
    /// The text of an element that has no elements in it, empty for one that has. An answer of STS carries keys here.
    package let content: SharedSecret

    /// The text, where it is no secret; nil when it is not UTF-8.
    package var text: String? {
        content.withBytes { span in
            span.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        }
    }

    /// The first element of that name within.
    package subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first element of that name at any depth, this one included.
    package func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }

    /// Reads one document: elements, text, CDATA, the five entities and characters by number. A document type is
    /// refused, as it could declare entities that grow without end.
    /// - Throws: `XMLError`, also beyond 32 levels or 100,000 elements.
    package static func parse(_ text: SharedSecret) throws(XMLError) -> XMLElement {
        try text.withBytes { span throws(XMLError) in
            try span.withUnsafeBufferPointer { bytes throws(XMLError) in
                var reader = XMLReader(bytes: bytes)
                return try reader.document()
            }
        }
    }
}
