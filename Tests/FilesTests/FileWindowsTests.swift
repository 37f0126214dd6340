// Files of any size through windows.

import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite("File windows")
struct FileWindowsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The window's size, its overlap, and the file's size.
    struct Layout: CustomTestStringConvertible {
        let window: Int
        let overlap: Int
        let file: Int

        var testDescription: String { "\(file) bytes by \(window), \(overlap) shared" }

        /// Sizes around the places where a window begins or ends, and random ones.
        static let all: [Layout] = {
            var layouts: [Layout] = []
            for (window, overlap) in [(64, 16), (64, 15), (64, 0), (64, 1), (64, 63), (65, 64), (1, 0)] {
                let step = window - overlap
                for file in [0, 1, overlap / 2, overlap, window - 1, window, window + 1, window + step - 1] {
                    layouts.append(Layout(window: window, overlap: overlap, file: file))
                }
                for file in [window + step, window + step + 1, window + 5 * step, window + 5 * step + 1] {
                    layouts.append(Layout(window: window, overlap: overlap, file: file))
                }
            }
            var generator = SeededGenerator(state: 1)
            for _ in 0..<60 {
                let window = Int.random(in: 2...300, using: &generator)
                layouts.append(
                    Layout(
                        window: window, overlap: Int.random(in: 0..<window, using: &generator),
                        file: Int.random(in: 0...1_500, using: &generator)))
            }
            return layouts
        }()
    }

    @Test("Each byte belongs to exactly one window, with context on both sides", arguments: Layout.all)
    func bytesHaveOneOwner(layout: Layout) throws {
        var generator = SeededGenerator(state: UInt64(layout.file))
        let bytes = (0..<layout.file).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let path = try folder.file("file", bytes)
        var owned: [UInt8] = []
        var nextOffset = 0
        var isOver = false
        try FileWindows.read(Array(path.utf8), size: layout.window, overlap: layout.overlap) { window in
            #expect(!isOver || layout.overlap == 0, "no window follows the last")
            #expect(window.offset == nextOffset)
            #expect(window.bytes.count <= layout.window)
            let end = window.offset + window.bytes.count
            #expect(Array(window.bytes) == Array(bytes[window.offset..<end]))
            #expect(window.offset + window.own.lowerBound == owned.count)
            owned += window.bytes[window.own]
            let context = layout.overlap / 2
            #expect(window.own.lowerBound >= context || window.offset == 0)
            #expect(window.bytes.count - window.own.upperBound >= context || end == layout.file)
            nextOffset = end - window.overlap
            isOver = window.overlap == 0 && end == layout.file
        }
        #expect(owned == bytes)
    }

    @Test("A file of less than a window's size is one window", arguments: [0, 1, 70_000, 8_388_607])
    func smallFileIsOneWindow(count: Int) throws {
        let path = try folder.file("file", [UInt8](repeating: 1, count: count))
        var sizes: [Int] = []
        try FileWindows.read(Array(path.utf8)) { window in
            sizes.append(window.bytes.count)
            #expect(window.own == 0..<count)
        }
        #expect(sizes == [count])
    }

    @Test("A file that grows while it is read is read to its new end", arguments: [0, 1, 20, 63, 64, 200])
    func growingFile(count: Int) throws {
        let path = try folder.file("file", [UInt8](repeating: 1, count: count))
        let added = [UInt8](repeating: 2, count: 500)
        var owned: [UInt8] = []
        var isFirst = true
        try FileWindows.read(Array(path.utf8), size: 64, overlap: 32) { window in
            if isFirst {
                isFirst = false
                let descriptor = try FileDescriptor.open(path, .writeOnly, options: .append)
                _ = try descriptor.closeAfter { try descriptor.writeAll(added) }
            }
            owned += window.bytes[window.own]
        }
        // Whether the first window already was the last is up to the file's first size.
        #expect(owned == [UInt8](repeating: 1, count: count) + (count < 64 ? [] : added))
    }

    #if os(Linux)
        @Test("A file that does not say its size is read to its end")
        func sizelessFile() throws {
            var owned: [UInt8] = []
            try FileWindows.read(Array("/proc/self/status".utf8)) { owned += $0.bytes[$0.own] }
            #expect(String(decoding: owned, as: UTF8.self).contains("VmPeak:"))
        }
    #endif

    @Test("A sparse file of hundreds of megabytes passes through one small buffer")
    func sparseFile() throws {
        let path = try folder.file("file")
        let size = 300 << 20
        #expect(truncate(path, off_t(size)) == 0)
        var buffers: Set<UnsafeRawPointer> = []
        var end = 0
        try FileWindows.read(Array(path.utf8), size: 1 << 20, overlap: 4 << 10) { window in
            if let start = window.bytes.baseAddress { buffers.insert(start) }
            #expect(window.bytes.count <= 1 << 20)
            end = window.offset + window.bytes.count
        }
        #expect(end == size)
        #expect(buffers.count == 1)
    }

    @Test("Links, folders and pipes are refused, and so is what does not exist")
    func refusals() throws {
        try folder.file("file", [1])
        #expect(symlink("file", folder.path(of: "link")) == 0)
        #expect(mkfifo(folder.path(of: "pipe"), 0o600) == 0)
        #expect(mkdir(folder.path(of: "folder"), 0o700) == 0)
        for (name, cause) in [
            ("link", Errno.tooManySymbolicLinkLevels), ("pipe", .invalidArgument), ("folder", .invalidArgument),
            ("none", .noSuchFileOrDirectory),
        ] {
            let error = try #require(throws: FileError.self) {
                try FileWindows.read(Array(folder.path(of: name).utf8)) { _ in Issue.record("\(name) was read") }
            }
            #expect(error.cause == cause, "\(name)")
        }
    }

    @Test("What the reader of windows throws comes through, and ends the reading")
    func passesErrors() throws {
        struct Stop: Error {}
        let path = try folder.file("file", [UInt8](repeating: 1, count: 1_000))
        var count = 0
        #expect(throws: Stop.self) {
            try FileWindows.read(Array(path.utf8), size: 100, overlap: 10) { _ in
                count += 1
                if count == 2 { throw Stop() }
            }
        }
        #expect(count == 2)
    }
}
