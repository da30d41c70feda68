using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

public sealed class BuildTests
{
    private const string MakeProject = """
        mkdir -p src && cd src
        for i in $(seq 1 12); do
            printf '#include <stdio.h>\nint part%s(void) { return printf("part %s\\n") > 0 ? %s : 0; }\n' $i $i $i > part$i.c
        done
        {
            for i in $(seq 1 12); do echo "int part$i(void);"; done
            echo 'int main(void) { int sum = 0;'
            for i in $(seq 1 12); do echo "sum += part$i();"; done
            echo 'return sum == 78 ? 0 : 1; }'
        } > main.c
        printf 'objects = main.o %s\nprogram: $(objects)\n\tgcc -o $@ $(objects)\n%%.o: %%.c\n\tgcc -O2 -Wall -c -o $@ $<\n' \
            "$(for i in $(seq 1 12); do printf 'part%s.o ' $i; done)" > Makefile
        """;

    [Theory, BothIdentities]
    public void A_C_project_with_make(Identity identity)
    {
        using TestArea area = new(identity);
        area.OutsideShell(MakeProject).Succeed();
        Outcome built = area.SameResult(
            [], "cd src && make -s -j2 && ./program && make -s -j2 && ls && sha256sum *.o && rm -f *.o && make -s").Succeed();
        Assert.Contains("part 12\n", built.Output, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_dotnet_project_without_packages(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("hello/hello.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
            </Project>
            """);
        area.Write("hello/hello.cs", "System.Console.WriteLine(\"hello from \" + System.Environment.UserName);\n");
        area.Write("hello/nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>\n");
        const string build = "export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1; "
            + "dotnet build hello -v quiet --nologo -p:UseSharedCompilation=false >build.log 2>&1 || cat build.log; "
            + "dotnet hello/bin/Debug/net10.0/hello.dll; cd hello/bin; find -type f | LC_ALL=C sort";
        Outcome built = area.InsideShell([], build).Succeed();
        Assert.StartsWith($"hello from {area.Account.Name}\n", built.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{area.Work}/hello/bin"), "the build reached the host");
        Assert.Equal(area.OutsideShell(build).Succeed().Output, built.Output);
    }
}
