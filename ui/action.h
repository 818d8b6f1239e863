/* Everything a key can mean. ONE table: the keymap, the bottom line, the help screen and the man page are made from it
   (law 3). Pure. */
#ifndef PURVEY_UI_ACTION_H
#define PURVEY_UI_ACTION_H

/* ACTION(name, group, keys, keys while typing, short label, help sentence)

   keys: alternatives separated by blanks, in the notation of ui/keymap.h, the one to show first. `keys` hold when no
   entry field has the cursor, `keys while typing` when one has (then printable keys are text).
   group: MOTION and EDIT reach the screen whether offered or not (EDIT only while typing); APP is done by the app;
   SCREEN reaches the screen only when it offers the action (struct offer). Two SCREEN actions may share a key as long
   as no screen offers both at once. */
#define ACTIONS(ACTION)                                                                                                \
    ACTION(UP, MOTION, "<Up> k <C-p>", "<Up> <C-p>", "Up", "Go one row up")                                            \
    ACTION(DOWN, MOTION, "<Down> j <C-n>", "<Down> <C-n>", "Down", "Go one row down")                                  \
    ACTION(LEFT, MOTION, "<Left> h", "<Left> <C-b>", "Left", "Go one column or value to the left")                     \
    ACTION(RIGHT, MOTION, "<Right> l", "<Right> <C-f>", "Right", "Go one column or value to the right")                \
    ACTION(PAGE_UP, MOTION, "<PageUp> <C-b> <C-u>", "<PageUp>", "Page up", "Go one page up")                           \
    ACTION(PAGE_DOWN, MOTION, "<PageDown> <C-f> <C-d>", "<PageDown>", "Page down", "Go one page down")                 \
    ACTION(HOME, MOTION, "<Home> g", "<Home> <C-a>", "First", "Go to the first row, or the start of the field")        \
    ACTION(END, MOTION, "<End> G", "<End> <C-e>", "Last", "Go to the last row, or the end of the field")               \
    ACTION(FIRST_COLUMN, MOTION, "0 ^", "", "First column", "Go to the first column")                                  \
    ACTION(LAST_COLUMN, MOTION, "$", "", "Last column", "Go to the last column")                                       \
    ACTION(NEXT_FIELD, MOTION, "<Tab>", "<Tab>", "Next", "Go to the next field or pane")                               \
    ACTION(PREVIOUS_FIELD, MOTION, "<S-Tab>", "<S-Tab>", "Previous", "Go to the previous field or pane")               \
    ACTION(ENTER, MOTION, "<Enter>", "<Enter>", "Open", "Open or accept what the cursor is on")                        \
    ACTION(BACK, MOTION, "<Esc> q", "<Esc>", "Back", "Go back")                                                        \
    ACTION(TOGGLE, MOTION, "<Space>", "", "Toggle", "Switch on or off, or choose another value")                       \
    ACTION(ERASE_BACK, EDIT, "", "<Backspace> <C-h>", "Erase", "Erase the character before the cursor")                \
    ACTION(ERASE_FORWARD, EDIT, "", "<Delete> <C-d>", "Delete", "Erase the character under the cursor")                \
    ACTION(ERASE_WORD, EDIT, "", "<C-w> <M-Backspace>", "Erase word", "Erase the word before the cursor")              \
    ACTION(ERASE_TO_START, EDIT, "", "<C-u>", "Erase line", "Erase all before the cursor")                             \
    ACTION(ERASE_TO_END, EDIT, "", "<C-k>", "Erase rest", "Erase all from the cursor on")                              \
    ACTION(YANK, EDIT, "", "<C-y>", "Put back", "Put back what was erased last")                                       \
    ACTION(WORD_LEFT, EDIT, "", "<C-Left> <M-b>", "Word left", "Go one word to the left")                              \
    ACTION(WORD_RIGHT, EDIT, "", "<C-Right> <M-f>", "Word right", "Go one word to the right")                          \
    ACTION(SEARCH, SCREEN, "/", "", "Search", "Search for a text")                                                     \
    ACTION(FIND_NEXT, SCREEN, "n", "", "Next hit", "Go to the next hit of the search")                                 \
    ACTION(FIND_PREVIOUS, SCREEN, "N", "", "Previous hit", "Go to the previous hit of the search")                     \
    ACTION(FILTER, SCREEN, "f", "", "Filter", "Show only the rows that match")                                         \
    ACTION(SORT, SCREEN, "s", "", "Sort", "Sort by the current column; again to reverse, again to stop")               \
    ACTION(SORT_ADD, SCREEN, "S", "", "Then by", "Sort by the current column behind the present order")                \
    ACTION(MARK, SCREEN, "<Space> m", "", "Mark", "Mark or unmark the row")                                            \
    ACTION(COLUMNS, SCREEN, "C", "", "Columns", "Choose the columns to show")                                          \
    ACTION(EXPAND, SCREEN, "+ =", "", "Wider", "Make wider, or open what is folded")                                   \
    ACTION(COLLAPSE, SCREEN, "-", "", "Narrower", "Make narrower, or fold")                                            \
    ACTION(WRAP, SCREEN, "w", "", "Wrap", "Wrap long lines, or stop wrapping them")                                    \
    ACTION(OPEN, SCREEN, "o", "<M-o>", "Open", "Open")                                                                 \
    ACTION(NEXT, SCREEN, "J >", "<M-Down>", "Next", "Show the next one")                                               \
    ACTION(PREVIOUS, SCREEN, "K <", "<M-Up>", "Previous", "Show the previous one")                                     \
    ACTION(NEXT_TAB, SCREEN, "] <M-n>", "<M-n> <F8>", "Next tab", "Go to the next tab")                                \
    ACTION(PREVIOUS_TAB, SCREEN, "[ <M-p>", "<M-p> <F7>", "Previous tab", "Go to the previous tab")                    \
    ACTION(DETAILS, SCREEN, "d <F3>", "<F3>", "Details", "Show or hide the details")                                   \
    ACTION(SUGGEST, SCREEN, "<F4>", "<F4>", "Values", "Choose from the known values")                                  \
    ACTION(EDIT, SCREEN, "i <F2>", "<F2>", "Edit", "Edit as a line of PowerShell")                                     \
    ACTION(RUN, SCREEN, "<F5> <C-r>", "<F5> <C-r>", "Run", "Run it")                                                   \
    ACTION(REFRESH, SCREEN, "R <F5>", "<F5>", "Again", "Run it again")                                                 \
    ACTION(CANCEL, SCREEN, "<C-c>", "<C-c>", "Cancel", "Cancel what is running")                                       \
    ACTION(PAUSE, SCREEN, "p", "", "Pause", "Pause, or go on")                                                         \
    ACTION(COPY, SCREEN, "y c", "<M-c>", "Copy", "Copy to the clipboard")                                              \
    ACTION(COPY_LINK, SCREEN, "u", "<M-u>", "Copy address", "Copy the address to the clipboard")                       \
    ACTION(EXPORT, SCREEN, "e", "", "Export", "Write to a file")                                                       \
    ACTION(SAVE, SCREEN, "<C-s>", "<C-s>", "Save", "Save")                                                             \
    ACTION(OTHER_WAY, SCREEN, "b", "", "Other way", "Sign in the other way: in the browser, or with a code")           \
    ACTION(APPROVE_DEMO, SCREEN, "a", "<M-a>", "Approve", "Approve the sign-in as the demo tenant's user would")       \
    ACTION(CONNECT, SCREEN, "<C-o>", "<C-o>", "Connect", "Connect, also to another tenant")                            \
    ACTION(DISCONNECT, SCREEN, "<C-x>", "<C-x>", "Disconnect", "End the connection")                                   \
    ACTION(EXPERT, SCREEN, "<C-e>", "<C-t>", "All options", "Show every option, or the usual ones")                    \
    ACTION(COMMAND_PROMPT, SCREEN, ":", "", "Command", "Type a line of PowerShell")                                    \
    ACTION(JOBS, SCREEN, "t", "", "Jobs", "Show the running cmdlets")                                                  \
    ACTION(SWITCH, APP, "<F6>", "<F6>", "Next connection", "Go to the next of the open connections")                      \
    ACTION(LOG, APP, "L <F12>", "<F12> <M-l>", "Log", "Show every request that was made")                              \
    ACTION(HELP, APP, "? <F1>", "<F1>", "Help", "Show what can be done here")                                          \
    ACTION(REDRAW, APP, "<C-l>", "<C-l>", "Redraw", "Draw the screen anew")                                            \
    ACTION(SUSPEND, APP, "<C-z>", "<C-z>", "Suspend", "Go back to the shell; fg returns here")                         \
    ACTION(QUIT, APP, "Q <C-q>", "<C-q>", "Quit", "Leave purvey")

#define ACTION_ENUM(name, group, keys, typing_keys, label, help) ACTION_##name,
enum action { ACTION_NONE, ACTIONS(ACTION_ENUM) ACTION_COUNT };
#undef ACTION_ENUM

enum action_group { ACTION_GROUP_MOTION, ACTION_GROUP_EDIT, ACTION_GROUP_SCREEN, ACTION_GROUP_APP };

struct action_row {
    const char *name;           /* "FIND_NEXT" */
    enum action_group group;
    const char *keys;
    const char *typing_keys;
    const char *label;
    const char *help;
};

const struct action_row *action_row(enum action action);    /* never NULL */

#endif
