// Lays what the core knows now over what the database says.
#pragma once

#include "coordinator/commands.h"
#include "coordinator/store/views.h"

namespace plasa {

// Sets the explain sentence, and the state `suspect` where it applies.
void Overlay(const Judgements& judgements, store::TrialView* trial);
// Moves the suspects out of the count of running trials.
void Overlay(const Judgements& judgements, store::SweepView* sweep);

}  // namespace plasa
