using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Cells.Supervision.Network.Dns;
using ShellGuard.Core;
using Xunit;
using HostName = ShellGuard.Cells.Supervision.Network.Dns.HostName;

namespace ShellGuard.Cells.Tests.Network;

public sealed class DnsTests
{
    private readonly FakeRules _rules = new();
    private readonly RecordingSink _sink = new();
    private readonly SessionAddresses _addresses = new();
    private readonly byte[] _reply = new byte[DnsAnswer.MaxLength];

    [Theory]
    [InlineData("a", 0, 1)]
    [InlineData("aaaa-edns", 0, 1)]
    [InlineData("https", 3, 0)]
    [InlineData("two-questions", 5, 0)]
    [InlineData("pointer", 1, 0)]
    [InlineData("chaos", 5, 0)]
    [InlineData("nul", 5, 0)]
    [InlineData("too-long", 1, 0)]
    [InlineData("notify", 4, 0)]
    [InlineData("edns-1", 0, 0)]
    public void Known_messages_get_their_status(string file, int status, int answers)
    {
        _rules.Names["example.com"] = Decision.Allow;
        int length = Ask(Corpus(file));
        Assert.True(length >= 12);
        Assert.Equal(status, _reply[3] & 15);
        Assert.Equal(answers, BinaryPrimitives.ReadUInt16BigEndian(_reply.AsSpan(6)));
    }

    [Fact]
    public void An_answer_is_never_answered() => Assert.Equal(0, Ask(Corpus("answer")));

    [Fact]
    public void A_granted_name_has_addresses_that_stand_for_it_and_nothing_else()
    {
        _rules.Names["example.com"] = Decision.Allow;
        _rules.Names["asked.test"] = Decision.Ask;
        NameAnswers answers = new(_rules, _addresses, _sink);
        IPAddress four = Assert.Single(answers.Answer("example.com", DnsType.A).Addresses);
        IPAddress six = Assert.Single(answers.Answer("example.com", DnsType.AAAA).Addresses);
        Assert.Equal("example.com", _addresses.NameOf(four));
        Assert.Equal("example.com", _addresses.NameOf(six));
        Assert.Same(NameReply.Empty, answers.Answer("example.com", (DnsType)65));
        Assert.Same(NameReply.Empty, answers.Answer("example.com", (DnsType)16));
        byte[] bytes = four.GetAddressBytes();
        Assert.Equal(
            "example.com",
            answers.Answer($"{bytes[3]}.{bytes[2]}.{bytes[1]}.{bytes[0]}.in-addr.arpa", DnsType.PTR).Pointer);
        string digits = string.Join('.', Convert.ToHexString(six.GetAddressBytes()).ToLowerInvariant().Reverse());
        Assert.Equal("example.com", answers.Answer($"{digits}.ip6.arpa", DnsType.PTR).Pointer);
        Assert.Single(answers.Answer("asked.test", DnsType.A).Addresses);
        Assert.Empty(_sink.Records);
    }

    [Fact]
    public void What_is_not_granted_does_not_exist_and_is_recorded()
    {
        NameAnswers answers = new(_rules, _addresses, _sink);
        Assert.Equal(DnsStatus.NxDomain, answers.Answer("secret.tunnel.test", DnsType.A).Status);
        Assert.True(_sink.Denied("secret.tunnel.test"));
        Assert.Equal(Operation.Resolve, _sink.Records.Single().Operation);
    }

    [Fact]
    public void Localhost_is_the_cells_own()
    {
        NameAnswers answers = new(_rules, _addresses, _sink);
        Assert.Equal(IPAddress.Loopback, answers.Answer("localhost", DnsType.A).Addresses.Single());
        Assert.Equal(IPAddress.IPv6Loopback, answers.Answer("db.localhost", DnsType.AAAA).Addresses.Single());
        Assert.Equal("localhost", answers.Answer("1.0.0.127.in-addr.arpa", DnsType.PTR).Pointer);
    }

    [Fact]
    public void A_session_has_its_full_number_of_names_and_no_more()
    {
        HashSet<IPAddress> seen = [];
        for (int index = 0; index < SessionAddresses.MaxNames; index++)
        {
            Assert.True(_addresses.TryAssign($"n{index}.test", out IPAddress? four, out IPAddress? six));
            Assert.True(seen.Add(four));
            Assert.True(seen.Add(six));
            Assert.True(SessionAddresses.IsSessionAddress(four));
            Assert.True(SessionAddresses.IsSessionAddress(six));
        }

        Assert.DoesNotContain(SessionAddresses.Resolver, seen);
        _rules.Names["one.more"] = Decision.Allow;
        NameAnswers answers = new(_rules, _addresses, _sink);
        Assert.Equal(DnsStatus.ServFail, answers.Answer("one.more", DnsType.A).Status);
        Assert.True(_sink.Denied("one.more"));
        Assert.True(_addresses.TryAssign("n7.test", out IPAddress? again, out _));
        Assert.Contains(again, seen);
    }

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("_srv._tcp.a-b.test", "_srv._tcp.a-b.test")]
    [InlineData("1.2.3.4", null)]
    [InlineData("2130706433", null)]
    [InlineData("0x7f.1", null)]
    [InlineData("example.com.", null)]
    [InlineData("a..b", null)]
    [InlineData(".a", null)]
    [InlineData("-a.test", null)]
    [InlineData("a-.test", null)]
    [InlineData("a b.test", null)]
    [InlineData("a\0b.test", null)]
    [InlineData("a\r\nb.test", null)]
    [InlineData("bücher.test", null)]
    [InlineData("", null)]
    public void Host_names_have_one_grammar(string text, string? expected)
    {
        HostName.TryNormalise(Encoding.UTF8.GetBytes(text), out string? name);
        Assert.Equal(expected, name);
    }

    [Fact]
    public void A_normalised_name_normalises_to_itself() =>
        Prop.ForAll<byte[]>(NormalisesToItself).QuickCheckThrowOnFailure();

    [Fact]
    public void A_dot_inside_a_label_makes_no_other_name()
    {
        // One label "a.b" is not the name a.b.
        byte[] message = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'a', (byte)'.', (byte)'b', 0, 0, 1, 0, 1];
        _rules.Names["a.b"] = Decision.Allow;
        Ask(message);
        Assert.Equal(5, _reply[3] & 15);
        Assert.Empty(_sink.Records);
    }

    private static bool NormalisesToItself(byte[] bytes)
    {
        // Bytes folded onto the grammar's own, so that many are names.
        byte[] folded = [.. bytes.Select(value => (byte)"aB9-_.z"[value % 7])];
        return !HostName.TryNormalise(folded, out string? name) ||
            (HostName.TryNormalise(Encoding.ASCII.GetBytes(name), out string? again) && again == name);
    }

    private static byte[] Corpus(string file) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", "dns", file));

    private int Ask(byte[] message) => DnsResponder.Respond(
        message, overTcp: false, new NameAnswers(_rules, _addresses, _sink).Answer, _reply);
}
