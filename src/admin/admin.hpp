// Admin: what an operator does beside the running venue. It changes the sealed file of credentials,
// which the venue reads again by itself, and sends the venue what only its operator may: accounts
// and deposits, through the operator's door. It shows a secret once, to who makes it, and never
// again. One thread.
#pragma once

#include "admin/command_line.hpp"
#include "admin/verbs.hpp"
