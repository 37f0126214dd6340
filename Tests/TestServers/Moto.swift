// moto's server: AWS as other people imitate it, an independent witness for the client.

import Foundation
import Synchronization

/// One `moto_server` process on a free port of 127.0.0.1. It ends with the test process, however that ends.
package final class Moto: Sendable {
    /// A key as moto gave it out.
    package struct Key: Sendable {
        package var accessKeyID: String
        package var secretAccessKey: String
        package var userARN: String
    }

    package let port: Int
    package var url: String { "http://127.0.0.1:\(port)" }
    /// Any key is good without authentication.
    package let accessKeyID = "AKIA" + "TESTTESTTESTTEST"
    package let secretAccessKey = "test"
    package let region = "eu-central-1"

    /// Closing it ends the server.
    private let lifeline: FileHandle
    private let process: Process

    private init(port: Int, lifeline: FileHandle, process: Process) {
        self.port = port
        self.lifeline = lifeline
        self.process = process
    }

    private static let sharedServer = Mutex<Result<Moto, any Error>?>(nil)

    /// One server for the whole test process, started when first asked for. Tests share its state: each uses secret
    /// names of its own, or a region of its own.
    package static func shared() async throws -> Moto {
        try await onOwnThread {
            try sharedServer.withLock { server in
                let result = server ?? Result { try startAndWait(freeActions: nil) }
                server = result
                return try result.get()
            }
        }
    }

    /// Returns when the server answers.
    /// - Parameter freeActions: with a number, moto checks signatures and IAM policies after so many first requests;
    ///   without, it checks nothing.
    package static func start(freeActions: Int? = nil) async throws -> Moto {
        try await onOwnThread { try startAndWait(freeActions: freeActions) }
    }

    private static func startAndWait(freeActions: Int?) throws -> Moto {
        let python = try PythonEnvironment.python()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", supervisor]
        var environment = ProcessInfo.processInfo.environment
        environment["INITIAL_NO_AUTH_ACTION_COUNT"] = freeActions.map(String.init)
        environment["MOTO_ACCOUNT_ID"] = nil
        process.environment = environment
        let stdin = try PrivatePipe()
        let stdout = try PrivatePipe()
        process.standardInput = stdin.reading
        process.standardOutput = stdout.writing
        process.standardError = FileHandle.nullDevice
        try process.run()
        try stdin.reading.close()
        try stdout.writing.close()
        // The supervisor says the port as soon as the server answers there; an end without one means that it failed.
        var line: [UInt8] = []
        while let byte = try stdout.reading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw TestServerError("moto did not start: \(String(decoding: line, as: UTF8.self))")
        }
        return Moto(port: port, lifeline: stdin.writing, process: process)
    }

    /// Forgets all of AWS. Only for a server that one test owns.
    package func reset() async throws {
        let answer = try await Moto.python(
            """
            import sys, urllib.request
            urllib.request.urlopen(urllib.request.Request(sys.argv[1] + "/moto-api/reset", method="POST")).read()
            """, [url])
        guard answer.status == 0 else { throw TestServerError("moto did not reset: \(answer.errors)") }
    }

    package func stop() async {
        try? await onOwnThread { [self] in
            try lifeline.close()
            process.waitUntilExit()
        }
    }

    /// A server that checks signatures and policies, and the key of a user who may do what `policy` says there.
    /// - Parameter policy: an IAM policy document.
    package static func startWithAuthentication(policy: String) async throws -> (server: Moto, key: Key) {
        // Three requests make the user; from the fourth on moto checks.
        let server = try await start(freeActions: 3)
        let made = try await python(
            """
            import sys, boto3
            url, policy = sys.argv[1:]
            iam = boto3.client("iam", endpoint_url=url, region_name="us-east-1",
                               aws_access_key_id="none", aws_secret_access_key="none")
            arn = iam.create_user(UserName="tester")["User"]["Arn"]
            iam.put_user_policy(UserName="tester", PolicyName="tests", PolicyDocument=policy)
            key = iam.create_access_key(UserName="tester")["AccessKey"]
            print(arn, key["AccessKeyId"], key["SecretAccessKey"])
            """, [server.url, policy])
        let words = made.output.split(whereSeparator: \.isWhitespace).map(String.init)
        guard made.status == 0, words.count == 3 else {
            throw TestServerError("moto made no user: \(made.errors)")
        }
        return (server, Key(accessKeyID: words[1], secretAccessKey: words[2], userARN: words[0]))
    }

    /// Runs a Python script in which moto and boto3 can be imported; no AWS settings of the machine reach it.
    package static func python(
        _ script: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8] = []
    ) async throws -> ProgramOutput {
        let settings = cleanEnvironment(environment)
        return try await onOwnThread {
            try runProgram(
                try PythonEnvironment.python(), ["-c", script] + arguments, environment: settings, input: input)
        }
    }

    /// The process's environment without its AWS settings, and with those given.
    static func cleanEnvironment(_ additions: [String: String]) -> [String: String] {
        var settings = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("AWS_") && !name.uppercased().hasSuffix("_PROXY")
        }
        settings["AWS_EC2_METADATA_DISABLED"] = "true"
        settings["AWS_CONFIG_FILE"] = "/dev/null"
        settings["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null"
        return settings.merging(additions) { $1 }
    }

    /// Starts the server, says its port when it answers, and ends it when standard input ends: the kernel closes that
    /// even when the test process is killed.
    private static let supervisor = """
        import os, select, signal, socket, subprocess, sys, threading, time
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        def end(*_):
            server.kill()
            server.wait()
            os._exit(0)
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        parent = os.getppid()
        def watch():
            while os.getppid() == parent:
                readable, _, _ = select.select([0], [], [], 1)
                if readable and not os.read(0, 4096):
                    break
            end()
        threading.Thread(target=watch, daemon=True).start()
        for _ in range(600):
            if server.poll() is not None:
                print("the server ended with", server.returncode, flush=True)
                sys.exit(1)
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            print("no answer in a minute", flush=True)
            end()
        print(port, flush=True)
        server.wait()
        """
}
