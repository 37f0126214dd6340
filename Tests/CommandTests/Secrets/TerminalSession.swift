// A run of `migrate` at a real terminal: a pseudo-terminal that is typed on and read.

import Foundation
import Testing

/// What to wait for and what to type then.
struct TerminalSession {
    struct Turn {
        var after: String
        var type: String
        /// Waits until typing does not show.
        var hidden = false
    }

    struct Ending: Decodable {
        var status: Int32
        /// Everything that was on the screen, echo of the typing included.
        var text: String
        /// Whether typing showed, at each turn and at the end.
        var echoes: [Bool]
    }

    private let place: Workplace
    private let words: [String]
    private let turns: [Turn]

    init(_ place: Workplace, _ words: [String], _ turns: [Turn] = []) {
        self.place = place
        self.words = words
        self.turns = turns
    }

    func run() async throws -> Ending {
        let description: [String: Any] = [
            "words": [Program.path] + place.withStore(words), "environment": place.environment(["NO_COLOR": "1"]),
            "folder": place.folder,
            "turns": turns.map { [$0.after, $0.type, $0.hidden ? "hidden" : "shown"] },
        ]
        let file = try Scratch.folder("terminal") + "/session.json"
        try Scratch.write([UInt8](try JSONSerialization.data(withJSONObject: description)), to: file)
        let outcome = try await Gate.shared.pass {
            try await Running(
                ["python3", "-c", Self.player, file], in: place.folder, input: "/dev/null", output: nil,
                environment: Program.environment
            ).end()
        }
        try #require(outcome.status == 0, "\(outcome.errorText)")
        return try JSONDecoder().decode(Ending.self, from: Data(outcome.output))
    }

    /// Plays the turns. Our end of the terminal stays open, so that its settings can be asked for at any time.
    private static let player = """
        import fcntl, json, os, pty, select, sys, termios, time
        session = json.load(open(sys.argv[1]))
        ours, theirs = pty.openpty()
        child = os.fork()
        if child == 0:
            os.close(ours)
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
            for descriptor in range(3):
                os.dup2(theirs, descriptor)
            os.chdir(session["folder"])
            os.execve(session["words"][0], session["words"], session["environment"])
        seen = b""
        status = None
        end = time.monotonic() + 100
        def echoes():
            return bool(termios.tcgetattr(theirs)[3] & termios.ECHO)
        def look():
            global seen, status
            if time.monotonic() > end:
                os.kill(child, 9)
                sys.exit("nothing came: " + repr(seen))
            if select.select([ours], [], [], 0.01)[0]:
                seen += os.read(ours, 65536)
            elif status is None:
                done, value = os.waitpid(child, os.WNOHANG)
                if done:
                    status = value
            else:
                return False
            return True
        shown = []
        position = 0
        for after, text, kind in session["turns"]:
            while True:
                found = seen.find(after.encode(), position)
                if found >= 0 and (kind == "shown" or not echoes()):
                    break
                if not look():
                    sys.exit("it ended before " + repr(after) + ": " + repr(seen))
            position = found + len(after)
            shown.append(echoes())
            os.write(ours, text.encode())
        while look():
            pass
        shown.append(echoes())
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        print(json.dumps({"status": code, "text": seen.decode(errors="replace"), "echoes": shown}))
        """
}
