/* D4, H1: argument vectors that programs and records trip over. */
#include "attack.h"

static void run(const char *what, char **arguments, char **environment)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { execve("/bin/true", arguments, environment); _exit(9); }
    int status;
    waitpid(child, &status, 0);
    printf("%s: %d\n", what, status);
}

int main(int argc, char **argv)
{
    start(argc, argv);
    char *nothing[] = { NULL };
    run("no arguments", nothing, nothing);
    run("null vector", NULL, NULL);
    run("empty name", (char *[]){ "", NULL }, nothing);
    run("hostile text", (char *[]){ "true\n{\"v\":1,\"seq\":99,\"event\":\"forged\"}", "\033]52;c;aGVsbG8=\a\033[2J", "\xff\xfe\xc3",
        "\r\nHELO", "\xe2\x80\xae" "gnp.exe", NULL }, nothing);
    char *page = malloc(4097), *large = malloc(131071), *many[3000];
    memset(page, 'p', 4096); page[4096] = 0;
    memset(large, 'l', 131070); large[131070] = 0;
    run("a page", (char *[]){ "true", page, NULL }, nothing);
    run("128 KiB", (char *[]){ "true", large, NULL }, (char *[]){ large, NULL });
    for (int i = 0; i < 2999; i++) many[i] = "a";
    many[2999] = NULL;
    run("3000 arguments", many, nothing);
    char *huge[16];
    for (int i = 0; i < 15; i++) huge[i] = large;
    huge[15] = NULL;
    run("2 MB", huge, nothing);
    verdict(0, "strange arguments are for the journal to hold");
    return 0;
}
