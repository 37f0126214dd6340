// What Docker's own client makes of an env file: it is asked to create a container by a daemon that only listens.

import Foundation
import Testing

@testable import Delivery

@Suite(
    "Docker's client reads the docker-env export",
    .enabled(if: Program.isThere("docker") && Program.isThere("python3")))
struct DockerTests {
    @Test("It sends exactly the values, whatever they are", arguments: 0..<4)
    func values(_ seed: UInt64) throws {
        let python = try #require(Program("python3"))
        var random = Seeded(seed &+ 97)
        let values = (0..<60).map { DeliveredValue("K\($0)", bytes: random.text().filter { $0 != 10 && $0 != 13 }) }
        #expect(try read(values, by: python) == values.map { Array("\($0.key)=".utf8) + $0.bytes })
    }

    @Test("It reads the longest line that is allowed")
    func longest() throws {
        let python = try #require(Program("python3"))
        let values = [DeliveredValue("A", String(repeating: "x", count: 65_532)), DeliveredValue("B", "1")]
        #expect(try read(values, by: python).map(\.count) == [65_534, 3])
    }

    private func read(_ values: [DeliveredValue], by python: Program) throws -> [[UInt8]] {
        let folder = try TemporaryFolder()
        let file = try folder.write("values.env", try Exporter.run(.dockerEnv, values).parts[0].content)
        let (status, output) = try python.run(["-c", Self.daemon, file.path, folder.url.path])
        #expect(status == 0)
        return output.split(separator: 0).map(Array.init)
    }

    /// Answers every request of `docker create`, and prints the environment that was asked for.
    private static let daemon = #"""
        import http.server, json, subprocess, sys, threading

        class Daemon(http.server.BaseHTTPRequestHandler):
            env = []

            def log_message(self, *arguments): pass

            def answer(self, code, body):
                data = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Api-Version", "1.44")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD": self.wfile.write(data)

            def do_HEAD(self): self.answer(200, {})

            def do_GET(self): self.answer(200, {})

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
                if "containers/create" in self.path: Daemon.env = body["Env"]
                self.answer(201, {"Id": "x", "Warnings": []})

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = "tcp://127.0.0.1:%d" % server.server_address[1]
        done = subprocess.run(
            ["docker", "--config", sys.argv[2], "-H", host, "create", "--env-file", sys.argv[1], "image"],
            stdout=subprocess.DEVNULL)
        sys.stdout.buffer.write(b"".join(value.encode() + b"\0" for value in Daemon.env))
        sys.exit(done.returncode)
        """#
}
