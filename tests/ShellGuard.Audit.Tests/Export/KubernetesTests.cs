using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>A parser of YAML reads what Kubernetes gets, and finds fields that its API has, of the types that it has them.
/// </summary>
public sealed class KubernetesTests
{
    /// <summary>Without quotes YAML takes these for something else than a text, or for none.</summary>
    private static readonly string[] Words =
    [
        "scan", "yes", "NO", "on", "null", "~", "1e3", "0x10", "0o7", "017", "1_000", "1:30", ".5", ".inf", "2026-01-01", "", " ", "a:b", "a: b",
        "- x", "# c", "x # c", "[a]", "{b}", "&c", "*d", "!e", "|", ">", "%f", "@g", "`h`", "? i", "---", "'", "\"", "\\n", "\u00e4", "<<", "=",
    ];

    /// <summary>The fields of the API's objects that are written, each with its type: an object of this table, a list of
    /// something, a map of texts, or a JSON type. core/v1 and networking.k8s.io/v1.</summary>
    private static readonly Dictionary<string, string[]> Api = new(StringComparer.Ordinal)
    {
        ["Pod"] = ["apiVersion String", "kind String", "metadata ObjectMeta", "spec PodSpec"],
        ["NetworkPolicy"] = ["apiVersion String", "kind String", "metadata ObjectMeta", "spec NetworkPolicySpec"],
        ["ObjectMeta"] = ["name String", "labels map"],
        ["PodSpec"] =
            ["automountServiceAccountToken bool", "securityContext PodSecurityContext", "containers []Container", "volumes []Volume"],
        ["PodSecurityContext"] = ["runAsNonRoot bool", "seccompProfile SeccompProfile"],
        ["SeccompProfile"] = ["type String", "localhostProfile String"],
        ["Container"] =
            ["name String", "image String", "command []String", "securityContext SecurityContext", "volumeMounts []VolumeMount"],
        ["SecurityContext"] =
            ["allowPrivilegeEscalation bool", "privileged bool", "readOnlyRootFilesystem bool", "capabilities Capabilities"],
        ["Capabilities"] = ["add []String", "drop []String"],
        ["VolumeMount"] = ["name String", "mountPath String"],
        ["Volume"] = ["name String", "emptyDir EmptyDirVolumeSource"],
        ["EmptyDirVolumeSource"] = [],
        ["NetworkPolicySpec"] =
            ["podSelector LabelSelector", "policyTypes []String", "egress []NetworkPolicyEgressRule", "ingress []NetworkPolicyIngressRule"],
        ["LabelSelector"] = ["matchLabels map"],
        ["NetworkPolicyEgressRule"] = ["to []NetworkPolicyPeer", "ports []NetworkPolicyPort"],
        ["NetworkPolicyIngressRule"] = ["ports []NetworkPolicyPort"],
        ["NetworkPolicyPeer"] = ["ipBlock IPBlock"],
        ["IPBlock"] = ["cidr String"],
        ["NetworkPolicyPort"] = ["protocol String", "port Number"],
    };

    private static readonly string[] Least = ["10 execve(\"/bin/true\", [\"true\"], 0x7ffe /* 3 vars */) = 0"];

    private static string Executed =>
        $"10 execve(\"/srv/scan\", [{string.Join(", ", Words.Select(word => $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}], 0x7ffe /* 3 vars */) = 0";

    [Theory]
    [InlineData("least")]
    [InlineData("words")]
    [InlineData("hostile")]
    public void Every_field_is_one_of_the_api_and_has_its_type(string recording)
    {
        List<JsonNode> documents = Parsed(Export(recording switch
        {
            "least" => Least,
            "words" =>
            [
                Executed, AuditSample.Written("/srv/yes/1e3"), AuditSample.Written("/srv/a: b/f"), "10 setuid(33) = 0",
                "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5",
                "10 bind(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0",
            ],
            _ => RealToolTests.Hostile,
        }));
        Assert.Equal(["Pod", "NetworkPolicy"], documents.Select(document => (string?)document["kind"]));
        Assert.Equal(["v1", "networking.k8s.io/v1"], documents.Select(document => (string?)document["apiVersion"]));
        foreach (JsonNode document in documents)
        {
            AssertIs(document, (string)document["kind"]!, "");
        }

        Assert.Equal(
            documents[0]["spec"]!["volumes"]!.AsArray().Select(volume => (string?)volume!["name"]),
            Container(documents)["volumeMounts"]!.AsArray().Select(mount => (string?)mount!["name"]));
    }

    [Fact]
    public void Words_and_paths_are_the_texts_that_they_were()
    {
        List<JsonNode> documents = Parsed(Export([Executed, AuditSample.Written("/srv/yes/1e3"), AuditSample.Written("/srv/# c/f")]));
        Assert.Equal(Words, Container(documents)["command"]!.AsArray().Select(word => (string?)word));
        Assert.Subset(
            Container(documents)["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!).ToHashSet(),
            new HashSet<string> { "/tmp", "/srv/yes", "/srv/# c" });
    }

    [Fact]
    public void What_was_connected_to_and_listened_on_is_let_through_and_nothing_else()
    {
        JsonNode policy = Parsed(Export(RealToolTests.Hostile))[1]["spec"]!;
        Assert.Equal(
            ["198.51.100.7/32", "2001:db8::1/128"],
            policy["egress"]!.AsArray().Select(rule => (string)rule!["to"]![0]!["ipBlock"]!["cidr"]!).Order(StringComparer.Ordinal));
        Assert.Equal("80", Assert.Single(policy["ingress"]!.AsArray())!["ports"]![0]!["port"]!.ToJsonString());
        JsonNode none = Parsed(Export(Least))[1]["spec"]!;
        Assert.Empty(none["egress"]!.AsArray());
        Assert.Empty(none["ingress"]!.AsArray());
    }

    /// <summary>kubectl reads into the types of the API: it takes no other type for a field, and has its own parser.</summary>
    [Fact]
    public void Kubectl_takes_the_pod_and_the_policy_for_what_they_are()
    {
        (string pod, string policy) = Kubectl(Export([Executed, .. RealToolTests.Hostile]));
        Assert.Equal(Words, Container([JsonNode.Parse(pod)!])["command"]!.AsArray().Select(word => (string?)word));
        Assert.Contains("*v1.NetworkPolicy", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("decode", policy, StringComparison.Ordinal);
        Assert.Contains("decode", Kubectl(Export(Least).Replace("privileged: false", "privileged: \"no\"", StringComparison.Ordinal)).Policy, StringComparison.Ordinal);
    }

    /// <summary>Has kubectl change an image, which it does without a cluster once it has understood all documents.</summary>
    /// <returns>The pod, and the message that a network policy has no image.</returns>
    private static (string Pod, string Policy) Kubectl(string text)
    {
        (_, string output, string errors) = Piped(text, "kubectl", "--kubeconfig", "/dev/null", "set", "image", "--local", "-f", "-", "-o", "json", "confined=other");
        return (output, errors);
    }

    private static void AssertIs(JsonNode? node, string type, string where)
    {
        if (type.StartsWith("[]", StringComparison.Ordinal))
        {
            Assert.All(Assert.IsType<JsonArray>(node), element => AssertIs(element, type[2..], $"{where}[]"));
        }
        else if (type == "map")
        {
            Assert.All(Assert.IsType<JsonObject>(node), pair => AssertIs(pair.Value, nameof(JsonValueKind.String), $"{where}.{pair.Key}"));
        }
        else if (Api.TryGetValue(type, out string[]? fields))
        {
            foreach ((string name, JsonNode? value) in Assert.IsType<JsonObject>(node))
            {
                string? field = fields.SingleOrDefault(known => known.StartsWith($"{name} ", StringComparison.Ordinal));
                Assert.True(field is not null, $"{type} has no {name}, at {where}");
                AssertIs(value, field[(name.Length + 1)..], $"{where}.{name}");
            }
        }
        else
        {
            string kind = node?.GetValueKind() switch
            {
                JsonValueKind.True or JsonValueKind.False => "bool",
                { } other => other.ToString(),
                null => "null",
            };
            Assert.True(kind == type, $"{kind} and not {type}, at {where}");
        }
    }

    private static JsonNode Container(List<JsonNode> documents) => Assert.Single(documents[0]["spec"]!["containers"]!.AsArray())!;

    private static string Export(string[] recording)
    {
        FakeHost host = new FakeHost().Directory("/srv/yes").Directory("/srv/# c").Directory("/srv/a: b");
        return new KubernetesExporter(host).Write(
            ProfileBuilder.Build(Recording.Of(recording), new GeneralOptions(), host), new ExportOptions());
    }

    private static List<JsonNode> Parsed(string text)
    {
        (int status, string documents, string errors) = Piped(
            text, "/usr/bin/python3", "-I", "-c", "import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin.buffer)), sys.stdout)");
        Assert.True(status == 0, errors);
        return [.. JsonNode.Parse(documents)!.AsArray().Select(document => document!)];
    }

    private static (int Status, string Output, string Errors) Piped(string text, string program, params string[] words)
    {
        ProcessStartInfo start = new(program, words)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using (process.StandardInput)
        {
            process.StandardInput.Write(text);
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
