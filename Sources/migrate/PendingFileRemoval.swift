// Separate, since a signal handler may only call what is safe there.

import Files

enum PendingFileRemoval {
    static func run() { PendingFile.removeFromSignalHandler() }
}
