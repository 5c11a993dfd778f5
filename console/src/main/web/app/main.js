// @ts-check
import {theme} from './page.js';
import './shell.js';

theme.apply();
