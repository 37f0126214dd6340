// Amazon Web Services.

extension Rule {
    static let aws: [Rule] = [
        Rule(
            id: "aws-access-key-id", title: "AWS access key id", provider: "AWS", severity: .medium,
            anchors: ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"],
            confirmation: .expression(
                "(?:AKIA|ASIA|ABIA|ACCA|A3T[0-9A-Z])[2-7A-Z]{16}",
                before: ByteClass(ranges: "A"..."Z"), after: .word),
            // DNA in capitals (ACCA…) stays below 2 bits.
            minimumEntropy: 2.6,
            check: AWSKeyID.verdict,
            // It names a key; the secret is the other half.
            publicPart: { 0..<$0.count },
            revocation: "aws iam update-access-key --status Inactive --access-key-id KEY_ID",
            references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"],
            examples: {
                let id = { (prefix: String, seed: UInt64) in
                    prefix + Fake.text(.base32, 20 - prefix.utf8.count, seed: seed)
                }
                return [
                    "aws_access_key_id = «\(id("AKI" + "A", 1))»\n",
                    "\"AccessKeyId\": \"«\(id("ASI" + "A", 2))»\",",
                    "https://bucket.s3.amazonaws.com/?AWSAccessKeyId=«\(id("A3" + "TX", 3))»&Expires=1",
                    #"export A=1\n«\#(id("AB" + "IA", 4))»\n"#,
                    "{'id': '«\(id("AC" + "CA", 5))»'}",
                ]
            },
            counterexamples: {
                [
                    "aws_access_key_id = AKI" + "A" + Fake.text(.base32, 15, seed: 6) + "\n",
                    "aws_access_key_id = AKI" + "A" + Fake.text(.base32, 17, seed: 7) + "\n",
                    "X" + "AKI" + "A" + Fake.text(.base32, 16, seed: 8),
                    "GATT" + "ACCA" + "GATTACATTAGACCATTAGC",
                    "aws_access_key_id = AKIA" + "IOSFODNN7" + "EXAMPLE\n",
                ]
            }
        ),
        .assigned(
            "aws-secret-access-key", "AWS secret access key", by: "AWS", .critical,
            names: ["secret_access_key", "aws_secret_key", "aws_secret"],
            shape: Shape(ByteClass("+/", ranges: "0"..."9", "a"..."z", "A"..."Z"), 40),
            // A commit id, which also has 40 characters, stays below 4 bits.
            minimumEntropy: 4,
            check: { KnownExample.contains($0) ? .placeholder : .wellFormed },
            sample: { Fake.base64(40, seed: $0) },
            revoke: "aws iam update-access-key --status Inactive --access-key-id KEY_ID",
            documentation: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"),
        .token(
            "aws-session-token", "AWS session token", by: "AWS",
            // These beginnings are base64 of a tag, a length and `origin_ec` or `er/aws`.
            form: [
                .one(of: "IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdzE", "FQoGZXIvYXdzE"),
                .open(.base64, from: 100), .one(of: "", "=", "=="),
            ],
            minimumEntropy: 4,
            revoke: "Revoke the role's active sessions in IAM; the token also expires by itself.",
            documentation: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
            boundsLength: false),
        .token(
            "aws-bedrock-api-key", "Amazon Bedrock API key", by: "AWS",
            form: ["ABSK", .open(.base64, from: 109), .one(of: "", "=", "==")], minimumEntropy: 4,
            revoke: "aws iam delete-service-specific-credential",
            documentation: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html", boundsLength: false),
        .token(
            "aws-bedrock-session-key", "Amazon Bedrock short-term API key", by: "AWS",
            form: [
                "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", .random(.base64, 40...1600), .one(of: "", "=", "=="),
            ],
            minimumEntropy: 4,
            revoke: "Revoke the sessions of the principal that made it; the key expires within twelve hours.",
            documentation: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    ]
}
